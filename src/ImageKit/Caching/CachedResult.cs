using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Caching;

/// <summary>What an operation gave, and what its key was made of.</summary>
/// <param name="DiffId">The layer it made.</param>
/// <param name="ContentKey">The content key of all files with it; `default` for a layer that is made without looking at its base.</param>
/// <param name="Step">The step's name, for people.</param>
/// <param name="Parts">The parts of the key.</param>
internal sealed record CachedResult(Digest DiffId, Hash256 ContentKey, string Step, ImmutableArray<KeyPart> Parts);

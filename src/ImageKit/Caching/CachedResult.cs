using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Caching;

/// <summary>What an operation gave, and what its key was made of.</summary>
/// <param name="DiffId">The layer it made.</param>
/// <param name="Step">The step's name, for people.</param>
/// <param name="Parts">The parts of the key.</param>
internal sealed record CachedResult(Digest DiffId, string Step, ImmutableArray<KeyPart> Parts);

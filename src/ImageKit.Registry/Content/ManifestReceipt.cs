using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>What a registry did with a manifest beside storing it.</summary>
/// <param name="TookSubject">Whether it lists the manifest among those about its subject; if not, the client has to keep that list.</param>
/// <param name="Tags">The further tags that it gave the manifest.</param>
internal sealed record ManifestReceipt(bool TookSubject, ImmutableArray<string> Tags);

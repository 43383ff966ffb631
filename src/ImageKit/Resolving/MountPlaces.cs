using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Resolving;

/// <summary>The repositories behind a source: a registry that has a blob in one of them takes it from there, and nobody downloads it.</summary>
internal static class MountPlaces
{
    public static ImmutableArray<string> Of(IContentSource source, ImageReference target) =>
        [.. Repositories(source).Where(repository => repository.Registry == target.Registry && repository.Name != target.Repository).Select(repository => repository.Name).Distinct()];

    private static IEnumerable<RegistryRepository> Repositories(IContentSource source) => source switch
    {
        RegistryRepository repository => [repository],
        FallbackSource fallback => Repositories(fallback.Other),
        CombinedSource combined => combined.Others.SelectMany(Repositories),
        _ => [],
    };
}

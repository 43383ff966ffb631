using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>One thing that a sync file says: what is copied where.</summary>
public sealed record SyncRule
{
    /// <summary>A name for reports; its place in the file unless given.</summary>
    public required string Name { get; init; }

    /// <summary>Where from: a repository, one with a tag or digest, or with a `*` at its end every repository that begins so.</summary>
    public required string Source { get; init; }

    /// <summary>Where to: a repository; with a `*` at its end, where the source's repositories go, by the rest of their names.</summary>
    public required string Target { get; init; }

    /// <summary>Of a source with a `*`: regular expressions for whole names of repositories, one of which must fit. Empty lets every one through.</summary>
    public ImmutableArray<string> Repositories { get; init; } = [];

    /// <summary>Of a source with a `*`: regular expressions for whole names of repositories, none of which may fit.</summary>
    public ImmutableArray<string> ExceptRepositories { get; init; } = [];

    /// <summary>Which tags.</summary>
    public TagSelection Tags { get; init; } = TagSelection.All;

    /// <summary>The platforms to copy of an index; empty for all.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];

    /// <summary>Whether what is about an image goes along: signatures, bills of materials.</summary>
    public bool Referrers { get; init; }

    /// <summary>Whether tags made of an image's digest go along, where older tools keep signatures.</summary>
    public bool DigestTags { get; init; }

    /// <summary>Whether tags of the target that the source does not have, or that are not chosen, are deleted.</summary>
    public bool Delete { get; init; }

    /// <summary>How many pulls the source's registry has to allow still; below that nothing more is copied from it. Null to take no notice.</summary>
    public int? RateLimitFloor { get; init; }

    /// <summary>Where it was written.</summary>
    public ConfigurationPlace Place { get; init; }
}

using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>A request to build a Dockerfile.</summary>
public sealed record DockerfileBuild
{
    /// <summary>Asks for a build of a context.</summary>
    /// <param name="contextPath">The directory that COPY and ADD read from, or `-`.</param>
    public DockerfileBuild(string contextPath) => ContextPath = contextPath;

    /// <summary>The directory that COPY and ADD read from, or `-`.</summary>
    public string ContextPath { get; }

    /// <summary>The Dockerfile; null for `Dockerfile` or `dockerfile` in the context, `-` for the text in <see cref="Input"/>.</summary>
    public string? Dockerfile { get; init; }

    /// <summary>What `-` stands for; it is read to its end and not disposed.</summary>
    public Stream? Input { get; init; }

    /// <summary>The stage to build, by name or number; null for the last one.</summary>
    public string? Target { get; init; }

    /// <summary>The platforms to build for; empty for this machine's. Several give an index.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];

    /// <summary>Values for the Dockerfile's ARGs (`--build-arg`).</summary>
    public IDictionary<string, string> Args { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Labels to set on the result (`--label`), over those of the Dockerfile.</summary>
    public IDictionary<string, string> Labels { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names for the result in the store (`-t`).</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>
    /// Named contexts (`--build-context`): a directory, `oci-layout://DIR[:TAG][@DIGEST]` or `docker-image://REFERENCE`. A name
    /// hides a stage's or an image's of the same name.
    /// </summary>
    public IDictionary<string, string> Contexts { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Secrets for `RUN --mount=type=secret`.</summary>
    public ImmutableArray<Secret> Secrets { get; init; } = [];

    /// <summary>Whether every step runs, even if an equal one ran before.</summary>
    public bool NoCache { get; init; }

    /// <summary>Whether names of images are resolved by their registry even if the store has them.</summary>
    public bool Pull { get; init; }

    /// <summary>The time written into the result; null for the build argument SOURCE_DATE_EPOCH, else second 0.</summary>
    public SourceEpoch? Epoch { get; init; }

    /// <summary>Where the result goes besides the store.</summary>
    public ImmutableArray<Output> Outputs { get; init; } = [];

    /// <summary>The OCI runtime for RUN: `auto`, `crun`, `runc`, `youki`, `builtin` or a path; null for the client's.</summary>
    public string? Runtime { get; init; }

    /// <summary>
    /// Whether what other builders do silently ends the build: flags that mean nothing, wildcards without a match, owners that nobody knows, and all
    /// other checks with <see cref="Dockerfile.Check.IsSilentElsewhere"/>. Parents that COPY makes keep mode 0755 whatever --chmod says.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>Whether a miss of the cache is explained: one <see cref="Warning"/> a step names the first difference to the nearest earlier one.</summary>
    public bool ExplainCache { get; init; }
}

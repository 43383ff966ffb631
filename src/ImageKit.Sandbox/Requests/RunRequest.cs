using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>One command to run in one root filesystem.</summary>
public sealed record RunRequest
{
    /// <summary>The root filesystem: diffIDs of layers that are in the layer store, lowest first. Empty for an empty root.</summary>
    public required ImmutableArray<Digest> Layers { get => field.IsDefault ? [] : field; init; }

    /// <summary>The program and its arguments; a program without `/` is looked for in the `PATH` of <see cref="Environment"/>.</summary>
    public required ImmutableArray<string> Arguments { get => field.IsDefault ? [] : field; init; }

    /// <summary>The whole environment, as `NAME=value`. Nothing of the machine's is added; `HOME`, if missing, is the user's in the root filesystem's `/etc/passwd`, else `/`.</summary>
    public ImmutableArray<string> Environment { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>An absolute path inside the root filesystem; made if missing.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The user id.</summary>
    public uint Uid { get; init; }

    /// <summary>The group id.</summary>
    public uint Gid { get; init; }

    /// <summary>The supplementary group ids.</summary>
    public ImmutableArray<uint> Groups { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>What the command sees as the machine's name; `/etc/hosts` knows it. Fixed, so that no layer holds the machine's own.</summary>
    public string Hostname { get; init; } = "buildkitsandbox";

    /// <summary>The network.</summary>
    public RunNetwork Network { get; init; } = RunNetwork.Host;

    /// <summary>What is mounted besides `/proc`, `/dev`, `/sys`, `/etc/resolv.conf` and `/etc/hosts`; in this order.</summary>
    public ImmutableArray<RunMount> Mounts { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Whether what the command changed becomes a new layer, if it ends with 0. Otherwise it is thrown away.</summary>
    public bool Commit { get; init; }

    /// <summary>The time of every entry of the new layer, in seconds since 1970.</summary>
    public long Epoch { get; init; }

    /// <summary>How the new layer is compressed in the same pass, if it is known that it will be exported; null for later, when it is first needed.</summary>
    public LayerCompression? Compression { get; init; }

    /// <summary>Where standard input, output and errors go.</summary>
    public RunStreams Streams { get; init; } = RunStreams.Captured;
}

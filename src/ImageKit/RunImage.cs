using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Sandbox;

namespace ImageKit;

/// <summary>A request to run a command in an image, in the foreground; what it writes to its root filesystem is thrown away.</summary>
public sealed record RunImage
{
    /// <summary>Asks to run an image.</summary>
    /// <param name="image">A name or a digest of the store; pulled if the store does not have it.</param>
    public RunImage(string image) => Image = image;

    /// <summary>The image.</summary>
    public string Image { get; }

    /// <summary>The arguments; empty for the image's CMD.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The program instead of the image's ENTRYPOINT; an empty text for none, null for the image's.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Variables over the image's, as `NAME=value`.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>What is mounted.</summary>
    public ImmutableArray<VolumeMount> Volumes { get; init; } = [];

    /// <summary>The working directory; null for the image's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user as `name|uid[:group]`; null for the image's.</summary>
    public string? User { get; init; }

    /// <summary>Whether the command shares the machine's network; otherwise it has none.</summary>
    public bool HostNetwork { get; init; } = true;

    /// <summary>Whether the command gets the caller's standard input; otherwise its input is empty.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the command gets a terminal; the caller's standard input must be one.</summary>
    public bool Terminal { get; init; }

    /// <summary>The platform, if the image has several; null for this machine's.</summary>
    public Platform? Platform { get; init; }

    /// <summary>The OCI runtime: `auto`, `crun`, `runc`, `youki`, `builtin` or a path; null for the client's.</summary>
    public string? Runtime { get; init; }

    /// <summary>Hands signals to the command while it runs; null for none.</summary>
    public CommandSignals? Signals { get; init; }

    /// <summary>The host name that the command sees.</summary>
    public string Hostname { get; init; } = "imagekit";
}

/// <summary>A file or directory of the machine in the command's root filesystem.</summary>
/// <param name="Source">Its path on the machine.</param>
/// <param name="Target">Its absolute path in the root filesystem.</param>
/// <param name="ReadOnly">Whether writing to it is refused.</param>
public sealed record VolumeMount(string Source, string Target, bool ReadOnly = false);

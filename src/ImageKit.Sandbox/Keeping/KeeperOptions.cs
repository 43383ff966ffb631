namespace ImageKit.Sandbox;

/// <summary>How a keeper is started.</summary>
public sealed record KeeperOptions
{
    /// <summary>ImageKit's folder (`$IMAGEKIT_HOME`), with `images/` and `layers/`; an absolute path.</summary>
    public required string Home { get; init; }

    /// <summary>
    /// `auto` (crun, then runc, then youki: the first that is seen to work, else the built-in sandbox), one of these names, `builtin`, or
    /// the path of a program with runc's command line.
    /// </summary>
    public string Runtime { get; init; } = "auto";

    /// <summary>The keeper's program; null for the one beside this assembly. A path that ends in `.dll` is started by `dotnet`.</summary>
    public string? KeeperPath { get; init; }

    /// <summary>Whether the commands may use the caller's own standard streams; then nobody else should write to the terminal.</summary>
    public bool InheritStreams { get; init; }

    /// <summary>Whether standard input is empty even with <see cref="InheritStreams"/>.</summary>
    public bool EmptyInput { get; init; }

    /// <summary>Copies root filesystems even where overlayfs works, to test that.</summary>
    internal bool WithoutOverlay { get; init; }
}

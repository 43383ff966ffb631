using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Contexts;

/// <summary>Files that COPY and ADD read from: a directory of the machine, or an archive that was handed in.</summary>
internal abstract class BuildContext : IAsyncDisposable
{
    /// <summary>What it is, for people.</summary>
    public abstract string Description { get; }

    /// <summary>What of it is not seen.</summary>
    public virtual IgnorePatterns Ignore { get; set; } = IgnorePatterns.None;

    /// <summary>The files, without those that are ignored; owners are root. Read when first asked for.</summary>
    public abstract ValueTask<Tree> GetTreeAsync(CancellationToken cancel);

    /// <summary>Keeps what was learnt of the files, so that an unchanged build need not read them.</summary>
    public virtual Task RememberAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>A root filesystem that is a copy of all its layers, for where overlayfs is refused.</summary>
/// <param name="place">A folder of this run's own, with the copy in it.</param>
internal sealed class CopiedRoot(string place) : StackedRoot
{
    /// <inheritdoc/>
    public override string Path => System.IO.Path.Combine(place, "root");

    /// <summary>A ctime after which only the command changed files: see <see cref="Oci.UpperDiffOptions.UntouchedBefore"/>.</summary>
    public (long Seconds, int Nanoseconds) Ready { get; private set; }

    /// <summary>Whether the copy lives on, as the ready root of the next run on top of this one.</summary>
    public bool IsKept { get; set; }

    /// <summary>Notes that the copy is complete.</summary>
    public void MarkReady()
    {
        using DirectoryRoot folder = DirectoryRoot.Open(place);
        string name = System.IO.Path.GetRandomFileName();
        folder.Create(name, 0x180).Dispose();
        FileStatus mark = folder.Stat(name)!.Value;
        folder.Remove(name);
        Ready = (mark.CtimeSeconds, mark.CtimeNanoseconds);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (!IsKept) KeeperFolder.RemoveTree(place);
        return ValueTask.CompletedTask;
    }
}

using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>A root filesystem that is a copy of all its layers, for where overlayfs is refused.</summary>
/// <param name="folder">Where the run's own folder is made.</param>
internal sealed class CopiedRoot(KeeperFolder folder) : StackedRoot
{
    private readonly string _place = folder.Next();

    /// <inheritdoc/>
    public override string Path => System.IO.Path.Combine(_place, "root");

    /// <summary>A ctime after which only the command changed files: see <see cref="Oci.UpperDiffOptions.UntouchedBefore"/>.</summary>
    public (long Seconds, int Nanoseconds) Ready { get; private set; }

    /// <summary>Whether the copy lives on, as the ready root of the next run on top of this one.</summary>
    public bool IsKept { get; set; }

    /// <summary>Notes that the copy is complete.</summary>
    public void MarkReady()
    {
        using DirectoryRoot own = DirectoryRoot.Open(_place);
        string name = System.IO.Path.GetRandomFileName();
        own.Create(name, 0x180).Dispose();
        FileStatus mark = own.Stat(name)!.Value;
        own.Remove(name);
        Ready = (mark.CtimeSeconds, mark.CtimeNanoseconds);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (!IsKept) folder.RemoveLater(_place);
        return ValueTask.CompletedTask;
    }
}

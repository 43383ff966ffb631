using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>A root filesystem by overlayfs: unpacked layers below, what the command changes above.</summary>
internal sealed class OverlayRoot : StackedRoot
{
    private readonly KeeperFolder _folder;
    private readonly string _place;
    private bool _mounted;

    private OverlayRoot(KeeperFolder folder) => (_folder, _place) = (folder, folder.Next());

    /// <inheritdoc/>
    public override string Path => System.IO.Path.Combine(_place, "root");

    /// <summary>What changed, as overlayfs writes it.</summary>
    public string Upper => System.IO.Path.Combine(_place, "upper");

    /// <summary>Mounts a stack.</summary>
    /// <param name="overlay">Mounts it.</param>
    /// <param name="lowers">The unpacked layers, lowest first.</param>
    /// <param name="folder">Where the run's own folder is made.</param>
    /// <param name="top">The looks of the root directory itself, which overlayfs takes from the upper one.</param>
    /// <exception cref="PosixException">Overlayfs is refused here.</exception>
    public static OverlayRoot Mount(OverlayMount overlay, IReadOnlyList<string> lowers, KeeperFolder folder, Oci.TocEntry top)
    {
        OverlayRoot root = new(folder);
        string work = System.IO.Path.Combine(root._place, "work"), nothing = System.IO.Path.Combine(root._place, "nothing");
        foreach (string made in (string[])[root.Path, root.Upper, work]) Directory.CreateDirectory(made);
        if (lowers.Count == 0)
        {
            Directory.CreateDirectory(nothing);
            lowers = [nothing];
        }
        RootLooks.Give(root.Upper, top);
        overlay.Mount(lowers, root.Upper, work, root.Path);
        root._mounted = true;
        return root;
    }

    /// <summary>Unmounts, after which the upper directory holds all that changed.</summary>
    public void Unmount()
    {
        if (_mounted && Libc.umount2(Path, Libc.DetachMount) != 0) throw PosixCall.Failed($"umount of {Path}");
        _mounted = false;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Unmount();
        string half = Path + "-lower"; // of a deep stack
        if (Directory.Exists(half)) _ = Libc.umount2(half, Libc.DetachMount);
        _folder.RemoveLater(_place);
        return ValueTask.CompletedTask;
    }
}

namespace ImageKit.Sandbox;

/// <summary>
/// Hides a hybrid tree of control groups (version 1 with a version 2 beside it) from crun, which refuses it, in this process's own mount
/// namespace. runc works with such a tree, but not with a hidden one in a user namespace.
/// </summary>
internal static class ControlGroups
{
    private const string Root = "/sys/fs/cgroup";
    private const string Unified = Root + "/unified";
    private static bool s_covered;

    /// <summary>Hides or shows it, as a runtime needs it. Where the kernel refuses, the probe of the runtime says what comes of it.</summary>
    public static void PrepareFor(string runtime, KeeperMode mode)
    {
        bool hide = Path.GetFileName(runtime).Contains("crun", StringComparison.Ordinal);
        if (!hide)
        {
            if (s_covered && Libc.umount2(Root, Libc.DetachMount) == 0) s_covered = false;
            return;
        }
        if (s_covered || !MountTable.Has(Unified)) return;
        // What a more privileged namespace mounted cannot be unmounted in a user namespace, only covered.
        if (mode == KeeperMode.Root) _ = Libc.umount2(Unified, Libc.DetachMount);
        else s_covered = Libc.mount("tmpfs", Root, "tmpfs", 0, null) == 0;
    }
}

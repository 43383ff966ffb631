namespace ImageKit.Sandbox;

/// <summary>
/// Hides a hybrid tree of control groups (version 1 with a version 2 beside it), which crun refuses, in this process's own mount namespace.
/// </summary>
internal static class ControlGroups
{
    private const string Root = "/sys/fs/cgroup";
    private const string Unified = Root + "/unified";

    /// <summary>Hides it where it is.</summary>
    public static void HideHybrid(KeeperMode mode)
    {
        if (!MountTable.Has(Unified)) return;
        // What a more privileged namespace mounted cannot be unmounted in a user namespace, only covered.
        int result = mode == KeeperMode.Root ? Libc.umount2(Unified, Libc.DetachMount) : Libc.mount("tmpfs", Root, "tmpfs", 0, null);
        _ = result; // where the kernel refuses, crun will too, and the probe says so
    }
}


namespace ImageKit.Sandbox;

/// <summary>Makes the mounts of a bundle, with the devices and the hidden paths, and goes to stand in its root.</summary>
internal static class SandboxMounts
{
    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom", "tty"];

    private static readonly (string Name, string Target)[] DeviceLinks =
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx")];

    /// <summary>Makes them all.</summary>
    /// <param name="spec">The bundle.</param>
    /// <param name="terminal">The descriptor of the command's terminal, which becomes `/dev/console`; null if it has none.</param>
    /// <exception cref="IOException">The kernel refuses one.</exception>
    public static void Make(RuntimeSpec spec, string? terminal)
    {
        string root = spec.Root.Path;
        Mount(root, root, null, MountFlags.Bind | MountFlags.Recursive, null);
        foreach (SpecMount mount in spec.Mounts)
        {
            Make(root, mount);
            if (mount.Destination == "/dev") MakeDevices(Path.Combine(root, "dev"), terminal);
        }
        foreach (string path in spec.Linux.MaskedPaths) Mask(root + path);
        foreach (string path in spec.Linux.ReadonlyPaths.Where(path => Path.Exists(root + path)))
        {
            Mount(root + path, root + path, null, MountFlags.Bind | MountFlags.Recursive, null);
            Restrict(root + path, MountFlags.ReadOnly);
        }
    }

    private static void Make(string root, SpecMount mount)
    {
        string target = Path.Combine(root, RootPath.Resolve(root, mount.Destination)
            ?? throw new IOException($"The links of '{mount.Destination}' turn in a circle."));
        (MountFlags flags, string data) = MountFlagNames.Parse(mount.Options);
        bool bind = flags.HasFlag(MountFlags.Bind);
        if (!Path.Exists(target))
        {
            if (bind && File.Exists(mount.Source)) File.Create(target).Dispose();
            else Directory.CreateDirectory(target);
        }
        if (!bind)
        {
            Mount(mount.Source, target, mount.Type, flags, data.Length > 0 ? data : null);
            return;
        }
        Mount(mount.Source, target, null, flags & (MountFlags.Bind | MountFlags.Recursive), null);
        MountFlags restrictions = flags & MountFlags.Restrictions;
        if (restrictions != 0) Restrict(target, restrictions);
    }

    private static void MakeDevices(string folder, string? terminal)
    {
        foreach (string device in Devices) MakeDevice("/dev/" + device, Path.Combine(folder, device));
        // By its path: the open descriptor is of the keeper's mount namespace, from which nothing can be mounted here.
        if (terminal is not null) MakeDevice(new FileInfo("/proc/self/fd/" + terminal).LinkTarget!, Path.Combine(folder, "console"));
        foreach ((string name, string target) in DeviceLinks) File.CreateSymbolicLink(Path.Combine(folder, name), target);
    }

    private static void MakeDevice(string source, string target)
    {
        File.Create(target).Dispose();
        Mount(source, target, null, MountFlags.Bind, null);
    }

    private static void Mask(string path)
    {
        if (Directory.Exists(path)) Mount("tmpfs", path, "tmpfs", MountFlags.ReadOnly, null);
        else if (File.Exists(path)) Mount("/dev/null", path, null, MountFlags.Bind, null);
    }

    // A bind mount takes its flags only when mounted again, and in a user namespace must keep those of its source.
    private static void Restrict(string target, MountFlags restrictions)
    {
        MountFlags kept = MountTable.FlagsOf(target) & MountFlags.Restrictions;
        Mount("none", target, null, MountFlags.Bind | MountFlags.Remount | restrictions | kept, null);
    }

    private static void Mount(string source, string target, string? type, MountFlags flags, string? data)
    {
        if (Libc.mount(source, target, type, (ulong)flags, data) != 0) throw PosixCall.Failed($"mount of {type ?? source} on {target}");
    }
}

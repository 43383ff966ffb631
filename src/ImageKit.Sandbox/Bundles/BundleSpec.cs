using System.Collections.Immutable;

namespace ImageKit.Sandbox;

/// <summary>Writes the `config.json` for a run.</summary>
internal static class BundleSpec
{
    private static readonly ImmutableArray<string> MaskedPaths =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ];

    private static readonly ImmutableArray<string> ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    // crun takes the filter ready-made, the same one that the built-in sandbox sets: compiling the profile is a third of its 33 ms a command.
    // Other runtimes know no such annotation, and compile the profile.
    private static readonly ImmutableDictionary<string, string>? Annotations = SeccompProgram.Bytes() is { } program
        ? ImmutableDictionary<string, string>.Empty.Add("run.oci.seccomp_bpf_data", Convert.ToBase64String(program)) : null;

    /// <summary>The bundle of a request in a root filesystem whose mount points are there.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="root">The root filesystem.</param>
    /// <param name="mounts">The run's own mounts, made ready.</param>
    /// <param name="id">The container's name.</param>
    /// <param name="mode">Which ids exist.</param>
    public static RuntimeSpec Of(RunRequest request, string root, IEnumerable<SpecMount> mounts, string id, KeeperMode mode) => new()
    {
        Process = new SpecProcess
        {
            Terminal = request.Streams == RunStreams.Terminal,
            ConsoleSize = request.Streams == RunStreams.Terminal ? CommandTerminal.CallersSize() : null,
            User = new SpecUser(request.Uid, request.Gid, Groups(request, mode)),
            Args = request.Arguments,
            Env = request.Environment,
            Cwd = request.WorkingDirectory,
            Capabilities = new SpecCapabilities(Capabilities.Names, Capabilities.Names, Capabilities.Names),
            NoNewPrivileges = true,
        },
        Root = new SpecRoot(root),
        Hostname = request.Hostname,
        Annotations = Annotations,
        Mounts = [.. KernelMounts(request.Network, mode), .. mounts],
        Linux = new SpecLinux
        {
            Namespaces = [new("pid"), new("ipc"), new("uts"), new("mount"), .. NetworkNamespace(request.Network)],
            MaskedPaths = MaskedPaths,
            ReadonlyPaths = ReadonlyPaths,
            Seccomp = SeccompProfile.Spec,
            CgroupsPath = mode == KeeperMode.Root ? CgroupLeftovers.Path(id) : null,
        },
    };

    private static IEnumerable<SpecNamespace> NetworkNamespace(RunNetwork network) => network == RunNetwork.None ? [new SpecNamespace("network")] : [];

    // With a single id the kernel forbids setgroups, and SingleId let none pass but root's own.
    private static ImmutableArray<uint>? Groups(RunRequest request, KeeperMode mode) =>
        mode == KeeperMode.SingleId || request.Groups.IsDefaultOrEmpty ? null : request.Groups;

    private static IEnumerable<SpecMount> KernelMounts(RunNetwork network, KeeperMode mode)
    {
        // Without a group 5 to give it to, a terminal belongs to its user's group.
        ImmutableArray<string> terminals = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
        yield return new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]);
        yield return new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]);
        yield return new("/dev/pts", "devpts", "devpts", mode == KeeperMode.SingleId ? terminals : terminals.Add("gid=5"));
        // The machine's network belongs to no user namespace of ours, and a new sysfs may only be mounted by its network's owner.
        bool bound = mode != KeeperMode.Root && network == RunNetwork.Host;
        yield return bound ? new("/sys", "bind", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"])
            : new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]);
        if (bound && Directory.Exists("/sys/fs/cgroup")) yield return new("/sys/fs/cgroup", "tmpfs", "tmpfs", ["nosuid", "noexec", "nodev", "ro"]);
        yield return new("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]);
        yield return new("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]);
    }
}

using System.Collections.Immutable;

namespace ImageKit.Sandbox;

/// <summary>The capabilities that a command keeps: Docker's set, `00000000a80425fb`.</summary>
internal static class Capabilities
{
    /// <summary>Name and number of each, by number.</summary>
    public static ImmutableArray<(string Name, int Number)> Kept { get; } =
    [
        ("CAP_CHOWN", 0), ("CAP_DAC_OVERRIDE", 1), ("CAP_FOWNER", 3), ("CAP_FSETID", 4), ("CAP_KILL", 5), ("CAP_SETGID", 6), ("CAP_SETUID", 7),
        ("CAP_SETPCAP", 8), ("CAP_NET_BIND_SERVICE", 10), ("CAP_NET_RAW", 13), ("CAP_SYS_CHROOT", 18), ("CAP_MKNOD", 27),
        ("CAP_AUDIT_WRITE", 29), ("CAP_SETFCAP", 31),
    ];

    /// <summary>The names, as a bundle lists them.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Kept.Select(one => one.Name)];

    /// <summary>The bits of capability names, as the kernel's sets have them.</summary>
    public static ulong Bits(IEnumerable<string> names) =>
        Kept.Where(one => names.Contains(one.Name)).Aggregate(0UL, (bits, one) => bits | (1UL << one.Number));
}

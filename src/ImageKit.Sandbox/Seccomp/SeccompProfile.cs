using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>The system call filter of a command, as a bundle writes it; <see cref="SeccompProgram"/> is the same for the built-in sandbox.</summary>
/// <seealso href="https://docs.docker.com/engine/security/seccomp/"/>
internal static class SeccompProfile
{
    /// <summary>`EPERM`, what a refused call gives.</summary>
    public const uint NotPermitted = 1;

    /// <summary>`ENOSYS`, what clone3 gives: its flags lie in memory, where no filter sees them, and C libraries then take clone.</summary>
    public const uint NotImplemented = 38;

    /// <summary>The flags of clone that make namespaces.</summary>
    public const uint NamespaceFlags = 0x7E020000;

    /// <summary>`AF_VSOCK`, sockets to the hypervisor, which know no network namespace.</summary>
    public const uint HypervisorSockets = 40;

    private const string Allow = "SCMP_ACT_ALLOW";
    private const string Refuse = "SCMP_ACT_ERRNO";

    /// <summary>The personalities that a program may take: Linux and its 32-bit kin, without randomised addresses or not, and the question.</summary>
    public static ImmutableArray<uint> Personalities { get; } = [0, 8, 0x20000, 0x20008, 0xFFFFFFFF];

    /// <summary>The profile in a bundle.</summary>
    public static SpecSeccomp Spec { get; } = new(Refuse, NotPermitted, Architectures(),
    [
        new(AllowedCalls.Names, Allow, null, null),
        .. Personalities.Select(value => new SpecSystemCalls(["personality"], Allow, null, [new(0, value, null, "SCMP_CMP_EQ")])),
        new(["clone"], Allow, null, [new(0, NamespaceFlags, 0, "SCMP_CMP_MASKED_EQ")]),
        new(["socket"], Allow, null, [new(0, HypervisorSockets, null, "SCMP_CMP_NE")]),
        new(["clone3"], Refuse, NotImplemented, null),
    ]);

    private static ImmutableArray<string> Architectures() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
        Architecture.Arm64 => ["SCMP_ARCH_AARCH64"],
        _ => [],
    };
}

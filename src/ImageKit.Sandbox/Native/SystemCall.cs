using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>Raw system calls, for those that C libraries do not wrap, or that must act on the calling thread alone.</summary>
internal static partial class SystemCall
{
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    internal const int MoveMount = 429;
    internal const int FileSystemOpen = 430;
    internal const int FileSystemConfigure = 431;
    internal const int FileSystemMount = 432;
    internal const int CloseRange = 436;

    internal static int Write => IsArm ? 64 : 1;

    internal static int Execute => IsArm ? 221 : 59;

    internal static int Exit => IsArm ? 94 : 231;

    internal static int ChangeDirectory => IsArm ? 49 : 80;

    internal static int PivotRoot => IsArm ? 41 : 155;

    internal static int Unmount => IsArm ? 39 : 166;

    internal static int SetGroups => IsArm ? 159 : 116;

    internal static int SetGroupIds => IsArm ? 149 : 119;

    internal static int SetUserIds => IsArm ? 147 : 117;

    internal static int ProcessControl => IsArm ? 167 : 157;

    internal static int SetCapabilities => IsArm ? 91 : 126;

    internal static int Seccomp => IsArm ? 277 : 317;

    internal static int SignalMask => IsArm ? 135 : 14;

    /// <summary>Makes a system call.</summary>
    /// <returns>Its result; -1 with errno as the last error if it failed.</returns>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Do(nint number, nint first = 0, nint second = 0, nint third = 0, nint fourth = 0, nint fifth = 0, nint sixth = 0);
}

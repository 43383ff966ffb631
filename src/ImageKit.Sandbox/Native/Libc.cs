using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>The system calls of Linux that the sandbox needs and .NET lacks. Each returns -1 with errno as the last error when it fails.</summary>
internal static partial class Libc
{
    internal const int UnixFamily = 1;
    internal const int StreamSocketCloseOnExec = 0x80001;
    internal const int CloseOnExec = 1;
    internal const int SetDescriptorFlags = 2;
    internal const int DetachMount = 2;
    internal const int CopyDescriptorCloseOnExec = 1030;
    internal const int KillSignal = 9;
    internal const int BrokenPipeSignal = 13;

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    [LibraryImport("libc")]
    internal static partial uint getegid();

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int socketpair(int domain, int type, int protocol, int* descriptors);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsid();

    [LibraryImport("libc")]
    internal static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int execve([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte** arguments, byte** environment);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sethostname(string name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ioctl(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport("libc")]
    internal static partial int isatty(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int tcsetattr(int descriptor, int when, byte* settings);

    [LibraryImport("libc")]
    internal static unsafe partial void cfmakeraw(byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint read(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint write(int descriptor, byte* bytes, nint count);

    /// <summary>The words for an error number, with the number.</summary>
    internal static string Describe(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
}

/// <summary>The kernel's `pollfd`.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollRequest
{
    public int Descriptor;
    public short Events;
    public short Returned;
}

using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>Turns failed system calls into errors.</summary>
internal static class PosixCall
{
    /// <summary>The error for the system call that failed last on this thread.</summary>
    public static IOException Failed(string call)
    {
        int errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call}: {Libc.Describe(errno)}", errno);
    }
}

using System.Runtime.InteropServices;

namespace ImageKit.Posix;

/// <summary>A file-system call failed; says which, on what, and with which error number.</summary>
public sealed class PosixException : IOException
{
    /// <summary>Wraps the error number of a call.</summary>
    /// <param name="errno">One of <see cref="Posix.Errno"/>, or any other of Linux.</param>
    /// <param name="operation">What was tried, such as `create`.</param>
    /// <param name="path">On what, as the caller named it.</param>
    /// <param name="inner">The exception below, if any.</param>
    public PosixException(int errno, string operation, string path, Exception? inner = null)
        : base($"Cannot {operation} '{path}': {Describe(errno)}.", inner) => (Errno, Operation, Path) = (errno, operation, path);

    /// <summary>The error number, with Linux's values.</summary>
    public int Errno { get; }

    /// <summary>What was tried, such as `create`.</summary>
    public string Operation { get; }

    /// <summary>On what, as the caller named it.</summary>
    public string Path { get; }

    internal static PosixException Last(string operation, string path) => new(Marshal.GetLastPInvokeError(), operation, path);

    private static string Describe(int errno) => errno switch
    {
        Posix.Errno.ENOSPC => "no space left on the device",
        Posix.Errno.EDQUOT => "the disk quota is used up",
        Posix.Errno.EOPNOTSUPP => "not supported here",
        _ when OperatingSystem.IsLinux() => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})",
        _ => $"errno {errno}",
    };
}

namespace ImageKit.Posix;

/// <summary>The error numbers this library speaks of, with Linux's values.</summary>
public static class Errno
{
    /// <summary>Operation not permitted.</summary>
    public const int EPERM = 1;

    /// <summary>No such file or directory.</summary>
    public const int ENOENT = 2;

    /// <summary>Input or output error.</summary>
    public const int EIO = 5;

    /// <summary>Bad file descriptor.</summary>
    public const int EBADF = 9;

    /// <summary>Try again.</summary>
    public const int EAGAIN = 11;

    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;

    /// <summary>File exists.</summary>
    public const int EEXIST = 17;

    /// <summary>Link or rename across devices.</summary>
    public const int EXDEV = 18;

    /// <summary>Not a directory.</summary>
    public const int ENOTDIR = 20;

    /// <summary>Is a directory.</summary>
    public const int EISDIR = 21;

    /// <summary>Invalid argument.</summary>
    public const int EINVAL = 22;

    /// <summary>No space left on the device.</summary>
    public const int ENOSPC = 28;

    /// <summary>The file system is read-only.</summary>
    public const int EROFS = 30;

    /// <summary>Too many links.</summary>
    public const int EMLINK = 31;

    /// <summary>Result or name out of range.</summary>
    public const int ERANGE = 34;

    /// <summary>The name is too long.</summary>
    public const int ENAMETOOLONG = 36;

    /// <summary>The kernel has no such call.</summary>
    public const int ENOSYS = 38;

    /// <summary>The directory is not empty.</summary>
    public const int ENOTEMPTY = 39;

    /// <summary>Too many symbolic links.</summary>
    public const int ELOOP = 40;

    /// <summary>No such attribute.</summary>
    public const int ENODATA = 61;

    /// <summary>Not supported by this file system or platform.</summary>
    public const int EOPNOTSUPP = 95;

    /// <summary>The disk quota is used up.</summary>
    public const int EDQUOT = 122;
}

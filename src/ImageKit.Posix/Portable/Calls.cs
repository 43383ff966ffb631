namespace ImageKit.Posix;

/// <summary>Turns the base class library's exceptions into ours, with Linux's error numbers.</summary>
internal static class Calls
{
    public static T Run<T>(string operation, string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (PosixException)
        {
            throw;
        }
        catch (IOException e) // a narrower catch would miss what the platforms throw as plain IOException, told apart by HResult
        {
            throw new PosixException(Number(e), operation, path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PosixException(Errno.EACCES, operation, path, e);
        }
    }

    private static int Number(IOException e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.ENOENT,
        PathTooLongException => Errno.ENAMETOOLONG,
        _ => OperatingSystem.IsWindows() ? OnWindows(e.HResult & 0xFFFF) : OnUnix(e.HResult),
    };

    private static int OnWindows(int code) => code switch
    {
        32 or 33 => Errno.EAGAIN,
        80 or 183 => Errno.EEXIST,
        112 or 39 => Errno.ENOSPC,
        145 => Errno.ENOTEMPTY,
        267 => Errno.ENOTDIR,
        _ => Errno.EIO,
    };

    private static int OnUnix(int code) => OperatingSystem.IsMacOS() ? code switch
    {
        66 => Errno.ENOTEMPTY,
        62 => Errno.ELOOP,
        63 => Errno.ENAMETOOLONG,
        35 => Errno.EAGAIN,
        > 0 and < 35 => code,
        _ => Errno.EIO,
    }
    : code > 0 ? code : Errno.EIO;
}

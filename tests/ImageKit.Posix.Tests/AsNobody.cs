using System.Runtime.InteropServices;

namespace ImageKit.Tests.Users;

/// <summary>
/// Runs a test as an ordinary user: as it is if the process is one, else on a thread whose user for files (setfsuid) is nobody, by which the
/// kernel takes root's rights over files from that thread alone.
/// </summary>
internal static partial class AsNobody
{
    private const int Nobody = 65534;

    public static void Run(Action test)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            test();
            return;
        }
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            SetFsGid(Nobody);
            SetFsUid(Nobody);
            try
            {
                test();
            }
            catch (Exception e)
            {
                failed = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failed is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed);
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFsUid(int uid);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial int SetFsGid(int gid);
}

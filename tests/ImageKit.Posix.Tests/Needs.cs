namespace ImageKit.Posix.Tests;

internal static class Needs
{
    /// <summary>Skips what only root can do on a user's machine.</summary>
    public static void Root()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("needs root");
    }
}

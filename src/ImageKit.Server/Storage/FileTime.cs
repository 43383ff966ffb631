namespace ImageKit.Server;

/// <summary>When what a path leads to was written.</summary>
internal static class FileTime
{
    /// <summary>The time of the file behind all links: certificates and secrets are often changed by pointing a link elsewhere.</summary>
    public static DateTime Of(string path)
    {
        try
        {
            FileInfo file = new(path);
            return (file.ResolveLinkTarget(returnFinalTarget: true) ?? file).LastWriteTimeUtc;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default; // not there at the moment: it is looked at again
        }
    }
}

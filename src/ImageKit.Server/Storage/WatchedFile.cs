namespace ImageKit.Server;

/// <summary>What a file says, read again when it changes.</summary>
/// <param name="path">The file.</param>
/// <param name="read">Reads it; throws <see cref="ImageKitException"/> if it cannot be used.</param>
/// <param name="lookEvery">How often it is looked at, when it is asked for.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchedFile<T>(string path, Func<string, T> read, TimeSpan lookEvery, TimeProvider time)
{
    private readonly Lock _lock = new();
    private T _value = read(path);
    private DateTime _written = TimeOf(path);
    private long _looked = time.GetTimestamp();

    /// <summary>What it says now.</summary>
    public T Current()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_looked) < lookEvery) return _value;
            _looked = time.GetTimestamp();
            DateTime written = TimeOf(path);
            if (written == _written) return _value;
            try
            {
                (_value, _written) = (read(path), written);
            }
            catch (ImageKitException)
            {
                // Just being written, or broken: what it said before holds.
            }
            return _value;
        }
    }

    // Of the file behind all links: certificates and secrets are often changed by pointing a link elsewhere.
    private static DateTime TimeOf(string path)
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

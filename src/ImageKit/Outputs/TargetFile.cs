namespace ImageKit.Outputs;

/// <summary>Writes outputs to files, which appear whole or not at all, or to a caller's stream.</summary>
internal static class TargetFile
{
    /// <exception cref="BuildException">The file cannot be written (IK4050).</exception>
    public static async Task WriteAsync(OutputTarget target, Func<Stream, Task> write, CancellationToken cancel)
    {
        if (target.Stream is { } given)
        {
            await write(given).ConfigureAwait(false);
            await given.FlushAsync(cancel).ConfigureAwait(false);
            return;
        }
        string path = target.Path!;
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 256 * 1024);
            await using (file.ConfigureAwait(false)) await write(file).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // the file system's
        {
            throw new BuildException("IK4050", $"The output '{path}' cannot be written.", e.Message, "Free space, or write to another path.", e);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }
}

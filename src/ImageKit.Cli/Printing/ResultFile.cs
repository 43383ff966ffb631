namespace ImageKit.Cli.Printing;

/// <summary>Files that hold a command's result: whole or not there.</summary>
internal static class ResultFile
{
    public static async Task WriteAsync(string path, string content, CancellationToken cancel)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        await File.WriteAllTextAsync(temporary, content, cancel);
        File.Move(temporary, path, overwrite: true);
    }
}

using System.Text;

namespace ImageKit.Cli.Printing;

/// <summary>Files that hold a command's result: whole or not there.</summary>
internal static class ResultFile
{
    public static Task WriteAsync(string path, string content, CancellationToken cancel) => WriteAsync(path, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(content), cancel).AsTask());

    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await using (FileStream output = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true)) await write(output);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // still there only after a failure
        }
    }
}

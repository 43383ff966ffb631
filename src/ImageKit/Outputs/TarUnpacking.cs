using System.IO.Pipelines;
using ImageKit.Oci;

namespace ImageKit.Outputs;

/// <summary>Unpacks a tar while it is written.</summary>
internal static class TarUnpacking
{
    /// <summary>Runs <paramref name="write"/> and unpacks what it writes into a directory, which is made if missing.</summary>
    /// <exception cref="BuildException">The directory cannot be written (IK4050).</exception>
    public static async Task RunAsync(Func<Stream, Task> write, string directory, CancellationToken cancel)
    {
        Prepare(directory);
        Pipe pipe = new();
        Task writing = Task.Run(async () =>
        {
            Exception? failure = null;
            try
            {
                await write(pipe.Writer.AsStream(leaveOpen: true)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ImageKitException or OperationCanceledException) // handed to the reader, which throws it
            {
                failure = e;
            }
            await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
        }, CancellationToken.None);
        try
        {
            // Owners and devices are what an ordinary user may make of them.
            await LayerUnpacker.UnpackAsync(pipe.Reader.AsStream(), directory, new UnpackOptions { BestEffort = true }, cancel).ConfigureAwait(false);
        }
        finally
        {
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    private static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // the file system's
        {
            throw new BuildException("IK4050", $"The output '{directory}' cannot be written.", e.Message, "Write to another path.", e);
        }
    }
}

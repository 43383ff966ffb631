namespace ImageKit;

/// <content>Keeping the store small, and running what is in it.</content>
public sealed partial class ImageKitClient
{
    /// <summary>Deletes what no name of the store refers to, oldest first; never what a build or transfer that is running may need.</summary>
    public Task<PruneResult> PruneAsync(PruneOptions? options = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>How much room the store takes.</summary>
    public Task<DiskUsage> GetDiskUsageAsync(CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Runs a command in an image, in the foreground, with the caller's own standard streams.</summary>
    /// <param name="run">What to run, and how.</param>
    /// <param name="progress">Is told of what had to be pulled, and of warnings.</param>
    /// <param name="cancel">Kills the command.</param>
    /// <returns>The command's exit code; 128 and the signal's number if a signal ended it.</returns>
    /// <exception cref="ImageKitException">
    /// The program is not there (IK5027), cannot be run (IK5026), or the sandbox failed before it began (other codes).
    /// </exception>
    public Task<int> RunAsync(RunImage run, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ImageKit.Contexts;

/// <summary>The time of the last commit of the repository that a directory belongs to.</summary>
internal static class CommitTime
{
    /// <summary>Asks git.</summary>
    /// <param name="directory">A directory of a working tree; null if the context is none.</param>
    /// <param name="cancel">Stops git.</param>
    /// <returns>Seconds since 1970.</returns>
    /// <exception cref="BuildException">There is no git, no repository, or no commit (IK4025).</exception>
    public static async Task<long> ReadAsync(string? directory, CancellationToken cancel)
    {
        if (directory is null) throw Failed("The context is no directory.", null);
        ProcessStartInfo start = new("git", ["-C", directory, "log", "-1", "--format=%ct", "HEAD"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process git = Process.Start(start)!;
            await using var killing = cancel.Register(git.Kill).ConfigureAwait(false);
            Task<string> output = git.StandardOutput.ReadToEndAsync(cancel), errors = git.StandardError.ReadToEndAsync(cancel);
            await git.WaitForExitAsync(cancel).ConfigureAwait(false);
            return long.TryParse((await output.ConfigureAwait(false)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                ? seconds : throw Failed((await errors.ConfigureAwait(false)).Trim(), null);
        }
        catch (Win32Exception failure) // there is no such program
        {
            throw Failed(failure.Message, failure);
        }
    }

    private static BuildException Failed(string why, Exception? inner) => new("IK4025", "The time of the last commit could not be found out.", why,
        "Build a directory of a git repository with commits, with git installed; or name the time in seconds.", inner);
}

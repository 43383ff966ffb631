using System.Diagnostics;

namespace BaseFromHost;

/// <summary>Commands of this machine, and the shared libraries that they load.</summary>
internal static class HostFiles
{
    private static readonly string[] Wanted =
        ["sh", "cat", "chmod", "cp", "cut", "date", "env", "false", "head", "id", "ln", "ls", "mkdir", "mv", "pwd", "rm", "sha256sum", "sleep", "sort", "tail", "touch", "tr", "true", "uname", "wc"];

    /// <summary>The wanted commands that are there: absolute paths.</summary>
    public static IReadOnlyList<string> Commands() =>
        [.. from command in Wanted
            let path = new[] { "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists)
            where path is not null
            select path];

    /// <summary>What <c>ldd</c> names for the commands, the loader too: absolute paths, each once.</summary>
    public static async Task<IReadOnlyList<string>> LibrariesAsync(IEnumerable<string> commands)
    {
        using Process ldd = Process.Start(new ProcessStartInfo("ldd", commands) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("ldd does not start.");
        Task<string> complaints = ldd.StandardError.ReadToEndAsync();
        string listing = await ldd.StandardOutput.ReadToEndAsync();
        await complaints; // About what is linked statically.
        // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", and "/lib64/ld-linux-x86-64.so.2 (0x…)"; commands themselves end with a colon.
        return [.. (from line in listing.Split('\n')
                    where line.Contains("(0x", StringComparison.Ordinal)
                    from word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    where word.StartsWith('/')
                    select word).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Where a path of this machine lies in the image, in which <c>/lib</c> and its kin are links into <c>/usr</c>.</summary>
    public static string InImage(string path) => path.StartsWith("/usr/", StringComparison.Ordinal) ? path[1..] : "usr" + path;

    /// <summary>The file itself, when the path is a link.</summary>
    public static FileInfo Real(string path) => new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
}

namespace ImageKit.Sandbox;

/// <summary>Finds a command's program before it is run, as a shell would, to tell a missing one from a failing one.</summary>
internal static class ProgramLookup
{
    /// <summary>Docker's exit code for a program that is not there.</summary>
    public const int NotFound = 127;

    /// <summary>Docker's exit code for a program that cannot be executed.</summary>
    public const int NotExecutable = 126;

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Looks a request's program up in its root filesystem and mounts that lie ready.</summary>
    /// <returns>0 if it may be run, else one of the exit codes, with the sentence to show.</returns>
    public static (int ExitCode, string Message) Check(string root, RunRequest request)
    {
        string program = request.Arguments[0];
        // What a mount covers cannot be seen from here: the runtime tells then.
        if (request.Mounts.Any(mount => mount is not TemporaryMount) || program.Length == 0) return (0, "");
        List<string> places = [.. Places(program, request)];
        bool found = false;
        foreach (string place in places)
        {
            if (RootPath.Resolve(root, place) is not string inside) continue;
            string path = Path.Combine(root, inside);
            if (IsVirtual(inside)) return (0, "");
            if (File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != 0)
            {
                return HasKnownFormat(root, place) ? (0, "") : (NotExecutable, $"exec: \"{program}\": exec format error\n");
            }
            found |= File.Exists(path) || Directory.Exists(path);
        }
        return found ? (NotExecutable, $"exec: \"{program}\": permission denied\n")
            : (NotFound, program.Contains('/') ? $"exec: \"{program}\": no such file or directory\n" : $"exec: \"{program}\": executable file not found in $PATH\n");
    }

    // A machine program or a script that names its interpreter. Runtimes notice anything else when the container runs already.
    private static bool HasKnownFormat(string root, string place) =>
        RootFile.TryRead(root, place, 4) is { } first && (first.AsSpan().StartsWith("\u007fELF"u8) || first.AsSpan().StartsWith("#!"u8));

    private static bool IsVirtual(string inside) => inside.Split('/')[0] is "proc" or "sys" or "dev";

    private static IEnumerable<string> Places(string program, RunRequest request)
    {
        if (program.StartsWith('/')) return [program];
        if (program.Contains('/')) return [request.WorkingDirectory + "/" + program];
        string search = request.Environment.LastOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal)) ?? "PATH=";
        return search["PATH=".Length..].Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => folder + "/" + program);
    }
}

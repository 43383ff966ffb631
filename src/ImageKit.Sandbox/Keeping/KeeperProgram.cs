using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>How the keeper's program is started: the words before its own arguments.</summary>
internal sealed record KeeperProgram(string File, string[] Prefix)
{
    private const string Name = "ImageKit.Sandbox.Keeper";

    // The keeper's assembly lies among those of the program that uses ImageKit, whose own runtime configuration may ask for more than is needed.
    private const string RuntimeConfiguration = """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
            "configProperties": {
              "System.GC.Concurrent": false,
              "System.Globalization.Invariant": true,
              "System.Runtime.TieredPGO": false
            }
          }
        }
        """;

    /// <summary>Finds the native keeper, else the managed one, beside the program that runs.</summary>
    /// <exception cref="ImageKitException">There is none (IK5001).</exception>
    public static KeeperProgram Find(KeeperOptions options)
    {
        string? path = options.KeeperPath ?? Candidates().FirstOrDefault(IsUsable);
        if (path is null || !System.IO.File.Exists(path))
        {
            throw new ImageKitException("IK5001", "Cannot run commands: the keeper, ImageKit's helper process, was not found.",
                $"Neither '{Name}' nor '{Name}.dll' lies in {AppContext.BaseDirectory}.",
                "Publish it beside the program, as the package does, or name it with KeeperOptions.KeeperPath.");
        }
        return path.EndsWith(".dll", StringComparison.Ordinal) ? Managed(path, options.Home) : new KeeperProgram(path, []);
    }

    /// <summary>How this very process, a keeper, was started.</summary>
    public static KeeperProgram OfThisProcess()
    {
        string[] words = System.IO.File.ReadAllText("/proc/self/cmdline").Split('\0');
        int end = Array.FindIndex(words, word => word is KeeperProcess.ServeOption);
        return new KeeperProgram(Environment.ProcessPath!, words[1..end]);
    }

    // Packages keep no modes: a native keeper that came out of one has to be made executable first.
    private static bool IsUsable(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (!System.IO.File.Exists(path)) return false;
        if (path.EndsWith(".dll", StringComparison.Ordinal)) return true;
        try
        {
            UnixFileMode mode = System.IO.File.GetUnixFileMode(path);
            if ((mode & execute) == 0) System.IO.File.SetUnixFileMode(path, mode | execute);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) // somebody else's folder: the managed one will do
        {
            return false;
        }
    }

    private static IEnumerable<string> Candidates()
    {
        yield return Path.Combine(AppContext.BaseDirectory, Name);
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", Name);
        yield return Path.Combine(AppContext.BaseDirectory, Name + ".dll");
    }

    private static KeeperProgram Managed(string path, string home)
    {
        string configuration = Path.Combine(home, "cache", "keeper.runtimeconfig.json");
        if (!System.IO.File.Exists(configuration) || System.IO.File.ReadAllText(configuration) != RuntimeConfiguration)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(configuration)!);
            string temporary = configuration + "." + Path.GetRandomFileName();
            System.IO.File.WriteAllText(temporary, RuntimeConfiguration);
            System.IO.File.Move(temporary, configuration, overwrite: true);
        }
        return new KeeperProgram(DotnetHost(), ["exec", "--runtimeconfig", configuration, path]);
    }

    private static string DotnetHost()
    {
        string beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        return System.IO.File.Exists(beside) ? beside : "dotnet";
    }
}

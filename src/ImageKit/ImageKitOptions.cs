using ImageKit.Registry;

namespace ImageKit;

/// <summary>How an <see cref="ImageKitClient"/> works. The setters are here because .NET's options are configured through them.</summary>
public sealed class ImageKitOptions
{
    /// <summary>The folder of stores and caches; null for `$IMAGEKIT_HOME`, else `imagekit` in the data folder of XDG.</summary>
    public string? Home { get; set; }

    /// <summary>The OCI runtime for RUN: `auto`, `crun`, `runc`, `youki`, `builtin`, or the path of a program with runc's command line.</summary>
    public string Runtime { get; set; } = "auto";

    /// <summary>The keeper's program; null for the one beside the library.</summary>
    public string? KeeperPath { get; set; }

    /// <summary>Where logins come from; null for the files of docker and containers tools.</summary>
    public ICredentialSource? Credentials { get; set; }

    /// <summary>How registries are reached: mirrors, limits, the HTTP handler; null for the standard way.</summary>
    public RegistryOptions? Registry { get; set; }

    /// <summary>The clock; nothing that is hashed reads it unless asked to.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>How many steps may run at once; 0 for the number of processors, at least 4.</summary>
    public int Parallelism { get; set; }

    /// <summary>The folder of stores and caches as it comes out, absolute.</summary>
    public string HomeFolder => Path.GetFullPath(Home ?? FromEnvironment());

    internal RegistryOptions ToRegistryOptions()
    {
        RegistryOptions options = (Registry ?? new()) with { Time = Time };
        if (options.HealthFile is null) options = options with { HealthFile = Path.Combine(HomeFolder, "cache", "mirrors.json") };
        if (options.SessionFolder is null) options = options with { SessionFolder = Path.Combine(HomeFolder, "uploads", "sessions") };
        return Credentials is null ? options : options with { Credentials = Credentials };
    }

    internal ImageKitOptions Copy() => (ImageKitOptions)MemberwiseClone();

    private static string FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("IMAGEKIT_HOME") is { Length: > 0 } home) return home;
        string data = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)
            ? xdg : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data, "imagekit");
    }
}

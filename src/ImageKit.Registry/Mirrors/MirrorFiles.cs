using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Where the configuration of mirrors lies. A file that is not there says nothing, unless it was named by a variable.</summary>
public sealed record MirrorFiles
{
    /// <summary>ImageKit's own file; null for none.</summary>
    public string? Own { get; init; }

    /// <summary>Presets of the user's; null for none.</summary>
    public string? Presets { get; init; }

    /// <summary>registries.conf; null for none.</summary>
    public string? RegistriesConf { get; init; }

    /// <summary>Folders of further files of registries.conf's form, `*.conf`, in the order in which they come on top.</summary>
    public ImmutableArray<string> RegistriesConfFolders { get; init; } = [];

    /// <summary>Folders with a folder and hosts.toml for each registry.</summary>
    public ImmutableArray<string> HostsFolders { get; init; } = [];

    /// <summary>daemon.json; null for none.</summary>
    public string? DaemonJson { get; init; }

    /// <summary>buildkitd.toml; null for none.</summary>
    public string? BuildkitdToml { get; init; }

    /// <summary>Folders with a folder of certificates for each host.</summary>
    public ImmutableArray<string> CertificateFolders { get; init; } = [];

    /// <summary>The usual places of this machine and user, and what the variables `IMAGEKIT_CONFIG` and `CONTAINERS_REGISTRIES_CONF` name.</summary>
    /// <exception cref="ImageKitException">A file that a variable names is not there (IK2040).</exception>
    public static MirrorFiles OfMachine()
    {
        string settings = Variable("XDG_CONFIG_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        string containers = Path.Combine(settings, "containers");
        return new()
        {
            Own = Named("IMAGEKIT_CONFIG") ?? FirstThere(Path.Combine(settings, "imagekit", "imagekit.toml"), "/etc/imagekit/imagekit.toml"),
            Presets = FirstThere(Path.Combine(settings, "imagekit", "presets.json"), "/etc/imagekit/presets.json"),
            RegistriesConf = Named("CONTAINERS_REGISTRIES_CONF") ?? FirstThere(Path.Combine(containers, "registries.conf"), "/etc/containers/registries.conf"),
            RegistriesConfFolders = Variable("CONTAINERS_REGISTRIES_CONF") is null ? ["/etc/containers/registries.conf.d", Path.Combine(containers, "registries.conf.d")] : [],
            HostsFolders = ["/etc/containerd/certs.d", "/etc/docker/certs.d"],
            DaemonJson = FirstThere(Path.Combine(settings, "docker", "daemon.json"), "/etc/docker/daemon.json"),
            BuildkitdToml = FirstThere(Path.Combine(settings, "buildkit", "buildkitd.toml"), "/etc/buildkit/buildkitd.toml"),
            CertificateFolders = [Path.Combine(containers, "certs.d"), "/etc/containers/certs.d", "/etc/docker/certs.d"],
        };
    }

    /// <summary>Reads the files. What is wrong with them is in <see cref="MirrorConfiguration.Diagnostics"/>.</summary>
    /// <exception cref="ImageKitException">The presets are broken (IK2041).</exception>
    public MirrorConfiguration Read() => new MirrorFilesReader(this).Read();

    private static string? FirstThere(params string[] paths) => paths.FirstOrDefault(File.Exists);

    private static string? Named(string variable)
    {
        if (Variable(variable) is not { } path) return null;
        return File.Exists(path) ? path : throw new ImageKitException("IK2040", $"The file '{path}', named by {variable}, is not there.", "", $"Set {variable} to a file, or unset it.");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

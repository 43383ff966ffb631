using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Reads the files of a machine, ImageKit's own first: it says which of the others count.</summary>
internal sealed class MirrorFilesReader(MirrorFiles files)
{
    private static readonly ImmutableArray<string> AllImports = ["registries.conf", "hosts.toml", "daemon.json", "buildkitd.toml"];

    private readonly ConfigurationFindings _findings = new("");

    public MirrorConfiguration Read()
    {
        MirrorPresets presets = MirrorPresets.Shipped;
        if (files.Presets is { } more && Text(more) is { } json) presets = presets.With(MirrorPresets.Parse(json, more));
        ImageKitToml? own = files.Own is { } path && Text(path) is { } text ? ImageKitToml.Parse(text, path, presets) : null;
        var sources = ImmutableArray.CreateBuilder<IMirrorSource>();
        if (own is not null) sources.Add(own);
        foreach (string import in own is null || own.Imports.IsDefault ? AllImports : own.Imports) sources.AddRange(Import(import));
        MirrorConfiguration read = MirrorConfiguration.Of(sources.ToImmutable());
        return read with { CertificateFolders = files.CertificateFolders, Diagnostics = [.. _findings.Found, .. read.Diagnostics] };
    }

    private IEnumerable<IMirrorSource> Import(string format) => format switch
    {
        "registries.conf" => Registries(),
        "hosts.toml" => Hosts(),
        "daemon.json" when files.DaemonJson is { } path && Text(path) is { } text => [DaemonJson.Parse(text, path)],
        "buildkitd.toml" when files.BuildkitdToml is { } path && Text(path) is { } text => [BuildkitdToml.Parse(text, path)],
        _ => [],
    };

    private IEnumerable<IMirrorSource> Registries()
    {
        RegistriesConf? read = files.RegistriesConf is { } path && Text(path) is { } text ? RegistriesConf.Parse(text, path) : null;
        foreach (string dropIn in files.RegistriesConfFolders.SelectMany(folder => Entries(folder, Directory.EnumerateFiles)).Where(file => file.EndsWith(".conf", StringComparison.Ordinal)))
        {
            if (Text(dropIn) is not { } more) continue;
            RegistriesConf later = RegistriesConf.Parse(more, dropIn, isDropIn: true);
            read = read is null ? later : read.With(later);
        }
        return read is null ? [] : [read];
    }

    // The first folder that knows a registry counts; the one for every registry comes last.
    private IEnumerable<IMirrorSource> Hosts() => Folders().OrderBy(hosts => hosts.Registry.Length == 0);

    private IEnumerable<HostsToml> Folders()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string folder in files.HostsFolders.SelectMany(folder => Entries(folder, Directory.EnumerateDirectories)))
        {
            string file = Path.Combine(folder, "hosts.toml"), registry = HostsToml.RegistryOfFolder(Path.GetFileName(folder));
            if (File.Exists(file) && seen.Add(registry) && Text(file) is { } text) yield return HostsToml.Parse(text, registry, file);
        }
    }

    private static IEnumerable<string> Entries(string folder, Func<string, IEnumerable<string>> list) =>
        Directory.Exists(folder) ? list(folder).Order(StringComparer.Ordinal) : [];

    private string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _findings.Error(new(path, 0), $"The file cannot be read: {error.Message}", "See that it is readable.");
            return null;
        }
    }
}

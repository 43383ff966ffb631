using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Reads one file of registries.conf's form.</summary>
internal sealed class RegistriesConfReader(string file)
{
    private readonly ConfigurationFindings _findings = new(file);

    public RegistriesConf Read(string text, bool isDropIn)
    {
        TomlSection root = new(TomlTable.Read(text, file, _findings), "", _findings);
        TomlSection? first = root.Section("registries"); // of version 1
        bool isSecond = root.Has("registry") || root.Has("unqualified-search-registries");
        RegistriesConf read = new()
        {
            File = file,
            Registries = First([.. root.Sections("registry").Select(Registry).OfType<ConfiguredRegistry>()]),
            UnqualifiedSearchRegistries = Search(root.Texts("unqualified-search-registries"), root.PlaceOf("unqualified-search-registries")),
            ShortNames = Mode(root),
            Aliases = Aliases(root),
            CredentialHelpers = root.Texts("credential-helpers"),
        };
        if (root.Has("additional-layer-store-auth-helper")) root.Any("additional-layer-store-auth-helper");
        if (first is not null) read = FirstVersion(first, read, isSecond, isDropIn);
        root.WarnOfTheRest();
        Conflicts(read.Registries);
        return read with { Diagnostics = _findings.Found };
    }

    private ConfiguredRegistry? Registry(TomlSection section)
    {
        string? location = Location(section, "location"), prefix = Location(section, "prefix");
        ConfiguredRegistry registry = new()
        {
            Prefix = string.IsNullOrEmpty(prefix) ? location ?? "" : prefix,
            Location = location ?? "",
            Insecure = section.Flag("insecure") ?? false,
            Blocked = section.Flag("blocked") ?? false,
            MirrorByDigestOnly = section.Flag("mirror-by-digest-only") ?? false,
            Mirrors = [.. section.Sections("mirror").Select(Mirror).OfType<ConfiguredMirror>()],
            Place = section.Place,
        };
        if (section.Has("pull-from-mirror"))
        {
            section.Any("pull-from-mirror");
            _findings.Error(section.PlaceOf("pull-from-mirror"), "'pull-from-mirror' stands in a registry.", "Write it in a [[registry.mirror]], or use 'mirror-by-digest-only'.");
        }
        section.WarnOfTheRest();
        return Check(registry, section) ? registry : null;
    }

    private bool Check(ConfiguredRegistry registry, TomlSection section)
    {
        if (registry.Prefix.Length == 0)
        {
            _findings.Error(section.Place, "A registry has neither 'location' nor 'prefix'.", "Name the registry: location = \"registry.example.com\".");
            return false;
        }
        bool wild = registry.Prefix.StartsWith("*.", StringComparison.Ordinal);
        if (registry.Location.Length == 0 && !wild)
        {
            _findings.Error(section.Place, $"The registry '{registry.Prefix}' has no 'location'.", "Only a prefix of the form *.example.com may leave it out.");
            return false;
        }
        string rest = wild ? registry.Prefix[2..] : registry.Prefix;
        if (rest.Contains('*', StringComparison.Ordinal) || (wild && rest.AsSpan().ContainsAny('/', ':')))
        {
            _findings.Warning(section.PlaceOf("prefix"), $"The prefix '{registry.Prefix}' may not match what it seems to.", "A star stands at the beginning alone, as in *.example.com, without port or path.");
        }
        if (rest.Contains('@', StringComparison.Ordinal) || rest.LastIndexOf(':') > rest.LastIndexOf('/') && rest.Contains('/', StringComparison.Ordinal))
        {
            _findings.Warning(section.PlaceOf("prefix"), $"The prefix '{registry.Prefix}' matches nothing: it holds a tag or digest.", "Prefixes are of repositories.");
        }
        if (registry.MirrorByDigestOnly && section.Sections("mirror").Any(mirror => mirror.Has("pull-from-mirror")))
        {
            _findings.Error(section.PlaceOf("mirror-by-digest-only"), $"The registry '{registry.Prefix}' has 'mirror-by-digest-only', and a mirror of it 'pull-from-mirror'.", "Keep one of them.");
        }
        return true;
    }

    private ConfiguredMirror? Mirror(TomlSection section)
    {
        string? location = Location(section, "location");
        string? scope = section.Text("pull-from-mirror");
        bool insecure = section.Flag("insecure") ?? false;
        section.WarnOfTheRest();
        MirrorScope? read = scope switch
        {
            null or "" or "all" => MirrorScope.All,
            "digest-only" => MirrorScope.DigestOnly,
            "tag-only" => MirrorScope.TagOnly,
            _ => null,
        };
        if (read is null) _findings.Error(section.PlaceOf("pull-from-mirror"), $"'pull-from-mirror' is '{scope}'.", "Write all, digest-only or tag-only.");
        if (string.IsNullOrEmpty(location)) _findings.Error(section.Place, "A mirror has no 'location'.", "Name it: location = \"mirror.example.com\".");
        return string.IsNullOrEmpty(location) ? null : new(location, insecure, read ?? MirrorScope.All, section.Place);
    }

    private string? Location(TomlSection section, string key)
    {
        if (section.Text(key) is not { } text) return null;
        string trimmed = text.TrimEnd('/');
        if (!trimmed.StartsWith("http://", StringComparison.Ordinal) && !trimmed.StartsWith("https://", StringComparison.Ordinal)) return trimmed;
        _findings.Error(section.PlaceOf(key), $"'{key}' has a scheme: '{text}'.", "Leave it out; 'insecure = true' allows plain HTTP.");
        return trimmed[(trimmed.IndexOf("//", StringComparison.Ordinal) + 2)..];
    }

    private ImmutableArray<string> Search(ImmutableArray<string> registries, ConfigurationPlace place)
    {
        if (registries.IsDefault) return default;
        ImmutableArray<string> trimmed = [.. registries.Select(registry => registry.TrimEnd('/'))];
        foreach (string registry in trimmed.Where(registry => registry.Contains("://", StringComparison.Ordinal) || !Oci.ImageReference.TryParse($"{registry}/x/y", out var named) || named.Registry != registry.ToLowerInvariant()))
        {
            _findings.Error(place, $"'{registry}' among the search registries is no host.", "Write a host and, if needed, a port.");
        }
        return trimmed;
    }

    private ShortNameMode? Mode(TomlSection root)
    {
        string? text = root.Text("short-name-mode");
        ShortNameMode? mode = text switch
        {
            "disabled" => ShortNameMode.Disabled,
            "permissive" => ShortNameMode.Permissive,
            "enforcing" => ShortNameMode.Enforcing,
            _ => null,
        };
        if (mode is null && !string.IsNullOrEmpty(text)) _findings.Error(root.PlaceOf("short-name-mode"), $"'short-name-mode' is '{text}'.", "Write enforcing, permissive or disabled.");
        return mode;
    }

    private ImmutableSortedDictionary<string, string> Aliases(TomlSection root)
    {
        var aliases = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (TomlEntry entry in root.Section("aliases")?.All() ?? [])
        {
            if (ShortName.Fault(entry.Key) is { } fault) _findings.Error(entry.Place, $"The alias '{entry.Key}' is no short name: {fault}.");
            else if (entry.Value is not string target) _findings.Error(entry.Place, $"The alias '{entry.Key}' is not a string.");
            else if (target.Length > 0 && ShortName.TargetFault(target) is { } other) _findings.Error(entry.Place, $"The alias '{entry.Key}' stands for '{target}': {other}.", "Write registry and repository, without tag or digest.");
            else aliases[entry.Key] = target;
        }
        return aliases.ToImmutable();
    }

    // Of several with one prefix the first counts.
    private ImmutableArray<ConfiguredRegistry> First(ImmutableArray<ConfiguredRegistry> registries)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (ConfiguredRegistry registry in registries.Where(registry => !seen.Add(registry.Prefix)))
        {
            _findings.Warning(registry.Place, $"The prefix '{registry.Prefix}' is written twice: the second has no effect.");
        }
        return registries;
    }

    private void Conflicts(ImmutableArray<ConfiguredRegistry> registries)
    {
        foreach (var same in registries.GroupBy(registry => registry.Location.Length == 0 ? registry.Prefix : registry.Location, StringComparer.Ordinal))
        {
            ConfiguredRegistry first = same.First();
            if (same.FirstOrDefault(other => other.Insecure != first.Insecure) is { } insecure) Conflict(same.Key, "insecure", insecure);
            if (same.FirstOrDefault(other => other.Blocked != first.Blocked) is { } blocked) Conflict(same.Key, "blocked", blocked);
        }
    }

    private void Conflict(string location, string key, ConfiguredRegistry other) =>
        _findings.Error(other.Place, $"The registry '{location}' is written several times with conflicting '{key}'.", $"Write the same '{key}' in all of them.");

    private RegistriesConf FirstVersion(TomlSection first, RegistriesConf read, bool isSecond, bool isDropIn)
    {
        ImmutableArray<string> search = Listed(first, "search"), insecure = Listed(first, "insecure"), blocked = Listed(first, "block");
        first.WarnOfTheRest();
        if (search.IsEmpty && insecure.IsEmpty && blocked.IsEmpty) return read;
        if (isSecond || isDropIn)
        {
            _findings.Error(first.Place, isSecond ? "The file mixes version 1, '[registries.search]' and the like, with version 2." : "A drop-in file is of version 1.", "Write it in version 2: [[registry]].");
            return read;
        }
        _findings.Warning(first.Place, "The file is of version 1, which is out of date.", "Write it in version 2: [[registry]].");
        return read with
        {
            UnqualifiedSearchRegistries = Search(search, first.Place),
            Registries = [.. blocked.Concat(insecure).Select(name => name.TrimEnd('/')).Distinct(StringComparer.Ordinal).Select(name => new ConfiguredRegistry
            {
                Prefix = name,
                Location = name,
                Blocked = blocked.Any(other => other.TrimEnd('/') == name),
                Insecure = insecure.Any(other => other.TrimEnd('/') == name),
                Place = first.Place,
            })],
        };
    }

    private static ImmutableArray<string> Listed(TomlSection first, string key)
    {
        ImmutableArray<string> listed = first.Section(key)?.Texts("registries") ?? [];
        return listed.IsDefault ? [] : listed;
    }
}

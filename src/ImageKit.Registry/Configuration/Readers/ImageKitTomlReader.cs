using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Reads imagekit.toml.</summary>
internal sealed class ImageKitTomlReader(string file, MirrorPresets presets)
{
    private static readonly ImmutableArray<string> Importable = ["registries.conf", "hosts.toml", "daemon.json", "buildkitd.toml"];

    private readonly ConfigurationFindings _findings = new(file);

    public ImageKitToml Read(string text)
    {
        TomlSection root = new(TomlTable.Read(text, file, _findings), "", _findings);
        ImmutableArray<string> imports = root.Texts("import");
        foreach (string name in (imports.IsDefault ? [] : imports).Except(Importable))
        {
            _findings.Error(root.PlaceOf("import"), $"'{name}' is no kind of file that is imported.", $"Choose among {string.Join(", ", Importable)}.");
        }
        ImmutableArray<(MirrorRule Rule, HostRule? Host)> registries =
            [.. (root.Section("registry")?.Tables() ?? []).Select(registry => Registry(registry.Key, registry.Section))];
        ImageKitToml read = new()
        {
            Tags = Choice(root, "tags", TagPolicies),
            Logins = Choice(root, "with-login", LoginPolicies),
            Imports = imports,
            Rules = [.. registries.Select(registry => registry.Rule)],
            Hosts = [.. registries.Select(registry => registry.Host).OfType<HostRule>()],
        };
        root.WarnOfTheRest();
        return read with { Diagnostics = _findings.Found };
    }

    private static readonly ImmutableArray<(string, TagPolicy)> TagPolicies = [("verify", TagPolicy.Verify), ("mirror", TagPolicy.Mirror), ("upstream", TagPolicy.Upstream)];

    private static readonly ImmutableArray<(string, LoginPolicy)> LoginPolicies = [("skip-mirrors", LoginPolicy.SkipMirrors), ("use-mirrors", LoginPolicy.UseMirrors)];

    private static readonly ImmutableArray<(string, MirrorPathRule)> PathRules =
        [("after-v2", MirrorPathRule.AfterV2), ("before-v2", MirrorPathRule.BeforeV2), ("override", MirrorPathRule.Override)];

    private static readonly ImmutableArray<(string, MirrorOrder)> Orders = [("listed", MirrorOrder.Listed), ("fastest", MirrorOrder.Fastest)];

    private static readonly ImmutableArray<(string, MirrorScope)> Scopes = [("all", MirrorScope.All), ("digest-only", MirrorScope.DigestOnly), ("tag-only", MirrorScope.TagOnly)];

    private (MirrorRule, HostRule?) Registry(string prefix, TomlSection section)
    {
        prefix = prefix == "*" ? "" : prefix.TrimEnd('/');
        EndpointTls tls = Tls(section);
        string? location = section.Text("location");
        MirrorRule rule = new()
        {
            Prefix = prefix,
            IsBlocked = section.Flag("blocked") ?? false,
            Mirrors = [.. Mirrors(prefix, section)],
            Order = Choice(section, "order", Orders) ?? MirrorOrder.Listed,
            Upstream = location is null ? null : Endpoint(location, section.PlaceOf("location"), tls),
            Tls = tls,
            Tags = Choice(section, "tags", TagPolicies),
            Logins = Choice(section, "with-login", LoginPolicies),
            Place = section.Place,
        };
        section.WarnOfTheRest();
        bool isHost = prefix.Length > 0 && !prefix.Contains('/', StringComparison.Ordinal) && !prefix.StartsWith('*');
        if (isHost && HostText.Fault(prefix) is { } fault) _findings.Error(section.Place, $"The registry '{prefix}' cannot be used: {fault}.");
        return (rule, isHost && !tls.IsStandard ? new(prefix, tls, section.Place) : null);
    }

    // A list of addresses, presets and tables, or tables of their own.
    private IEnumerable<ConfiguredEndpoint> Mirrors(string prefix, TomlSection section)
    {
        ImmutableArray<object?> listed = section.List("mirrors");
        foreach (object? item in listed.IsDefault ? [] : listed)
        {
            ConfiguredEndpoint? endpoint = item switch
            {
                string text when presets.Find(text) is { } preset => Preset(preset, prefix, null, section.PlaceOf("mirrors")),
                string text => Address(text, section.PlaceOf("mirrors")),
                TomlTable table => Mirror(prefix, new(table, $"{section.Name}.mirrors", _findings)),
                _ => Wrong(section.PlaceOf("mirrors")),
            };
            if (endpoint is not null) yield return endpoint;
        }
        foreach (TomlSection mirror in section.Sections("mirror"))
        {
            if (Mirror(prefix, mirror) is { } endpoint) yield return endpoint;
        }
    }

    private ConfiguredEndpoint? Mirror(string prefix, TomlSection section)
    {
        string? address = section.Text("url"), name = section.Text("preset"), account = section.Text("account");
        MirrorPathRule? rule = Choice(section, "path-rule", PathRules);
        MirrorScope? scope = Choice(section, "only", Scopes);
        bool? tellsNamespace = section.Flag("namespace");
        EndpointTls tls = Tls(section);
        ImmutableArray<HeaderField> headers = [.. (section.Section("header")?.All() ?? []).Where(entry => entry.Value is string).Select(entry => new HeaderField(entry.Key, (string)entry.Value!))];
        TimeSpan? timeout = Timeout(section);
        section.WarnOfTheRest();
        if ((address is null) == (name is null))
        {
            _findings.Error(section.Place, "A mirror has neither 'url' nor 'preset', or both.", "Write one of them.");
            return null;
        }
        MirrorPreset? preset = name is null ? null : presets.Find(name);
        if (name is not null && preset is null)
        {
            _findings.Error(section.PlaceOf("preset"), $"The preset '{name}' is not known.", $"There are: {string.Join(", ", presets.All.Select(known => known.Name))}.");
            return null;
        }
        ConfiguredEndpoint? endpoint = preset is null ? Endpoint(address!, section.Place, tls) : Preset(preset, prefix, account, section.Place);
        return endpoint is null ? null : endpoint with
        {
            PathRule = rule ?? endpoint.PathRule,
            Scope = scope ?? endpoint.Scope,
            SendsNamespace = tellsNamespace ?? endpoint.SendsNamespace,
            Tls = endpoint.Tls.And(tls),
            Headers = headers,
            ConnectTimeout = timeout,
        };
    }

    private ConfiguredEndpoint? Preset(MirrorPreset preset, string prefix, string? account, ConfigurationPlace place)
    {
        (ConfiguredEndpoint? endpoint, string fault) = preset.For(prefix, account);
        if (endpoint is null) _findings.Error(place, $"The preset '{preset.Name}' cannot be used for '{prefix}': {fault}");
        return endpoint is null ? null : endpoint with { Place = place };
    }

    // A name without a dot may be a host of this network; more often it is a preset, misspelt.
    private ConfiguredEndpoint? Address(string text, ConfigurationPlace place)
    {
        if (text != "localhost" && !text.AsSpan().ContainsAny(".:/"))
            _findings.Warning(place, $"'{text}' is no preset, and is read as the name of a host.", $"The presets are {string.Join(", ", presets.All.Select(known => known.Name))}; write a host with its port or with https:// before it.");
        return Endpoint(text, place, EndpointTls.Standard);
    }

    private ConfiguredEndpoint? Endpoint(string text, ConfigurationPlace place, EndpointTls tls)
    {
        bool hasScheme = text.Contains("://", StringComparison.Ordinal);
        string url = hasScheme ? text : "https://" + text;
        // A path may hold {registry}, which is put in later.
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? read) && read.Scheme is "http" or "https" && read.Host.Length > 0 && read.UserInfo.Length == 0 && !url.AsSpan().ContainsAny('?', '#'))
        {
            return new()
            {
                Host = read.Authority,
                Scheme = hasScheme ? read.Scheme : null,
                Path = Uri.UnescapeDataString(read.AbsolutePath).Trim('/'),
                Tls = read.Scheme == "http" ? tls with { AllowsPlain = true } : tls,
                Place = place,
            };
        }
        _findings.Error(place, $"'{text}' is no address of a registry.", "Write host[:port][/path], or https:// before it, or the name of a preset.");
        return null;
    }

    private EndpointTls Tls(TomlSection section)
    {
        bool insecure = section.Flag("insecure") ?? false;
        ImmutableArray<string> authorities = section.Any("ca") switch
        {
            string one => [one],
            List<object?> several when several.All(item => item is string) => [.. several.Cast<string>()],
            null when !section.Has("ca") => [],
            _ => default,
        };
        if (authorities.IsDefault) _findings.Error(section.PlaceOf("ca"), "'ca' is neither a file nor a list of files.");
        string? certificate = section.Text("client-cert"), key = section.Text("client-key");
        if (key is not null && certificate is null) _findings.Error(section.PlaceOf("client-key"), "'client-key' stands without 'client-cert'.");
        return new()
        {
            AllowsPlain = insecure,
            SkipsVerification = insecure,
            Authorities = authorities.IsDefault ? [] : [.. authorities.Select(Absolute)],
            Clients = certificate is null ? [] : [new(Absolute(certificate), key is null ? "" : Absolute(key))],
        };
    }

    private T? Choice<T>(TomlSection section, string key, ImmutableArray<(string Name, T Value)> choices)
        where T : struct
    {
        if (section.Text(key) is not { } text) return null;
        foreach ((string name, T value) in choices)
        {
            if (name == text) return value;
        }
        _findings.Error(section.PlaceOf(key), $"'{key}' is '{text}'.", $"Write {string.Join(", ", choices.Select(choice => choice.Name))}.");
        return null;
    }

    private TimeSpan? Timeout(TomlSection section)
    {
        if (section.Text("connect-timeout") is not { } text) return null;
        if (DurationText.TryParse(text, out TimeSpan duration) && duration > TimeSpan.Zero) return duration;
        _findings.Error(section.PlaceOf("connect-timeout"), $"'connect-timeout' is '{text}', which is no duration.", "Write it as 3s or 500ms.");
        return null;
    }

    private ConfiguredEndpoint? Wrong(ConfigurationPlace place)
    {
        _findings.Error(place, "A mirror is neither an address, nor a preset, nor a table.");
        return null;
    }

    private string Absolute(string path) => Path.IsPathRooted(path) || Path.GetDirectoryName(file) is not { Length: > 0 } folder ? path : Path.Combine(folder, path);
}

using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Reads one hosts.toml.</summary>
internal sealed class HostsTomlReader(string registry, string file)
{
    private readonly ConfigurationFindings _findings = new(file);

    public HostsToml Read(string text)
    {
        TomlSection root = new(TomlTable.Read(text, file, _findings), "", _findings);
        ImmutableArray<ConfiguredEndpoint> endpoints = [.. (root.Section("host")?.Tables() ?? []).Select(host => Endpoint(host.Key, host.Section, mirror: true)).OfType<ConfiguredEndpoint>()];
        string server = root.Text("server") ?? "";
        // The keys at the top are of the server, which is the registry itself if no other is named.
        ConfiguredEndpoint? upstream = Endpoint(server.Length > 0 ? server : registry.Length > 0 ? registry : "registry.invalid", root, mirror: false);
        root.WarnOfTheRest();
        return new()
        {
            Registry = registry,
            Endpoints = endpoints,
            Server = server.Length > 0 ? upstream : null,
            Rules = [new()
            {
                Prefix = registry,
                Mirrors = endpoints,
                Upstream = upstream is not null && (server.Length > 0 || !upstream.Headers.IsEmpty) ? upstream with { Host = server.Length > 0 ? upstream.Host : registry } : null,
                Tls = upstream?.Tls ?? EndpointTls.Standard,
                Place = root.Place,
            }],
            Hosts = [.. HostRules(upstream, server)],
            Diagnostics = _findings.Found,
        };
    }

    private IEnumerable<HostRule> HostRules(ConfiguredEndpoint? upstream, string server)
    {
        if (upstream is { Tls.IsStandard: false } && (server.Length > 0 || registry.Length > 0)) yield return new(upstream.Host, upstream.Tls, upstream.Place);
    }

    private ConfiguredEndpoint? Endpoint(string address, TomlSection section, bool mirror)
    {
        string url = address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address;
        bool whole = section.Flag("override_path") ?? false;
        EndpointTls tls = new() { SkipsVerification = section.Flag("skip_verify") ?? false, Authorities = Files(section, "ca"), Clients = Clients(section) };
        EndpointUses uses = Uses(section);
        ImmutableArray<HeaderField> headers = Headers(section);
        TimeSpan? timeout = Timeout(section);
        if (mirror) section.WarnOfTheRest();
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? read) || read.Scheme is not ("http" or "https") || read.Host.Length == 0 || read.UserInfo.Length > 0 || read.Query.Length > 0)
        {
            _findings.Error(section.Place, $"'{address}' is no address of a host.", "Write https://host[:port][/path].");
            return null;
        }
        string path = read.AbsolutePath.Trim('/');
        if (!whole && (path == "v2" || path.EndsWith("/v2", StringComparison.Ordinal))) path = path[..^2].TrimEnd('/'); // written out already
        return new()
        {
            Host = read.Authority,
            Scheme = read.Scheme,
            Path = path,
            PathRule = whole ? MirrorPathRule.Override : MirrorPathRule.BeforeV2,
            Uses = uses,
            Tls = read.Scheme == "http" ? tls with { AllowsPlain = true } : tls,
            Headers = headers,
            ConnectTimeout = timeout,
            SendsNamespace = mirror,
            Place = section.Place,
        };
    }

    private EndpointUses Uses(TomlSection section)
    {
        ImmutableArray<string> named = section.Texts("capabilities");
        if (named.IsDefaultOrEmpty) return EndpointUses.All;
        EndpointUses uses = EndpointUses.None;
        foreach (string name in named)
        {
            EndpointUses use = name.ToLowerInvariant() switch
            {
                "pull" => EndpointUses.Pull,
                "resolve" => EndpointUses.Resolve,
                "push" => EndpointUses.Push,
                "referrers" => EndpointUses.Referrers,
                _ => EndpointUses.None,
            };
            if (use == EndpointUses.None) _findings.Error(section.PlaceOf("capabilities"), $"The capability '{name}' is not known.", "Write pull, resolve, push or referrers.");
            uses |= use;
        }
        return uses;
    }

    private ImmutableArray<string> Files(TomlSection section, string key)
    {
        switch (section.Any(key))
        {
            case null when !section.Has(key): return [];
            case string one: return [Absolute(one)];
            case List<object?> several when several.All(item => item is string): return [.. several.Cast<string>().Select(Absolute)];
            default:
                _findings.Error(section.PlaceOf(key), $"'{key}' is neither a file nor a list of files.");
                return [];
        }
    }

    private ImmutableArray<ClientCertificate> Clients(TomlSection section)
    {
        object? value = section.Any("client");
        if (value is null && !section.Has("client")) return [];
        List<object?> items = value as List<object?> ?? [value];
        ClientCertificate?[] read = [.. items.Select(Client)];
        if (read.Contains(null)) _findings.Error(section.PlaceOf("client"), "'client' is neither a file, nor a list of files, nor a list of pairs of certificate and key.");
        return [.. read.OfType<ClientCertificate>()];
    }

    private ClientCertificate? Client(object? item) => item switch
    {
        string one => new(Absolute(one)),
        List<object?> pair when pair is [string certificate, string key] => new(Absolute(certificate), key.Length == 0 ? "" : Absolute(key)),
        _ => null,
    };

    private ImmutableArray<HeaderField> Headers(TomlSection section)
    {
        var headers = ImmutableArray.CreateBuilder<HeaderField>();
        foreach (TomlEntry entry in section.Section("header")?.All() ?? [])
        {
            if (entry.Value is string one) headers.Add(new(entry.Key, one));
            else if (entry.Value is List<object?> several && several.All(item => item is string)) headers.AddRange(several.Cast<string>().Select(value => new HeaderField(entry.Key, value)));
            else _findings.Error(entry.Place, $"The header '{entry.Key}' is neither a string nor a list of strings.");
        }
        return headers.ToImmutable();
    }

    private TimeSpan? Timeout(TomlSection section)
    {
        if (section.Text("dial_timeout") is not { Length: > 0 } text) return null;
        if (DurationText.TryParse(text, out TimeSpan duration)) return duration;
        _findings.Error(section.PlaceOf("dial_timeout"), $"'dial_timeout' is '{text}', which is no duration.", "Write it as 3s, 500ms or 1m30s.");
        return null;
    }

    private string Absolute(string path) => Path.IsPathRooted(path) || Path.GetDirectoryName(file) is not { Length: > 0 } folder ? path : Path.Combine(folder, path);
}

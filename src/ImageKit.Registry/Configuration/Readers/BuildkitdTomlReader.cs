using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Reads the registries of buildkitd.toml.</summary>
internal sealed class BuildkitdTomlReader(string file)
{
    private readonly ConfigurationFindings _findings = new(file);

    public BuildkitdToml Read(string text)
    {
        TomlSection root = new(TomlTable.Read(text, file, _findings), "", _findings);
        ImmutableArray<BuildkitRegistry> registries = [.. (root.Section("registry")?.Tables() ?? []).Select(registry => Registry(registry.Key, registry.Section))];
        return new() { Registries = registries, Diagnostics = _findings.Found };
    }

    private BuildkitRegistry Registry(string host, TomlSection section)
    {
        bool? plain = section.Flag("http"), insecure = section.Flag("insecure");
        ImmutableArray<string> mirrors = section.Texts("mirrors"), authorities = section.Texts("ca"), folders = section.Texts("tlsconfigdir");
        BuildkitRegistry registry = new()
        {
            Host = host,
            Mirrors = mirrors.IsDefault ? [] : [.. mirrors.Select(mirror => Mirror(mirror, section.PlaceOf("mirrors"))).OfType<ConfiguredEndpoint>()],
            PlainHttp = plain,
            Insecure = insecure,
            Tls = new()
            {
                AllowsPlain = plain ?? false,
                SkipsVerification = insecure ?? false,
                Authorities = authorities.IsDefault ? [] : authorities,
                Clients = [.. section.Sections("keypair").Select(KeyPair).OfType<ClientCertificate>()],
            },
            Place = section.Place,
        };
        if (!folders.IsDefaultOrEmpty) registry = registry with { Tls = folders.Aggregate(registry.Tls, (tls, folder) => tls.And(CertificateFolder.Read(folder, _findings))) };
        if (HostText.Fault(host) is { } fault) _findings.Error(section.Place, $"The registry '{host}' cannot be used: {fault}.");
        section.WarnOfTheRest();
        return registry;
    }

    private ClientCertificate? KeyPair(TomlSection section)
    {
        string? key = section.Text("key"), certificate = section.Text("cert");
        section.WarnOfTheRest();
        if (!string.IsNullOrEmpty(certificate) && !string.IsNullOrEmpty(key)) return new(certificate, key);
        _findings.Error(section.Place, "A key pair lacks 'key' or 'cert'.");
        return null;
    }

    // A scheme is left out by BuildKit too; how the mirror is reached stands in a block of its own.
    private ConfiguredEndpoint? Mirror(string text, ConfigurationPlace place)
    {
        string rest = text;
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            rest = text[(scheme + 3)..];
            _findings.Warning(place, $"The scheme of the mirror '{text}' has no effect.", $"Write '{rest.TrimEnd('/')}', and 'http = true' in a [registry] of that host if it speaks no TLS.");
        }
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? rest : rest[..slash];
        if (HostText.Fault(host) is { } fault)
        {
            _findings.Error(place, $"The mirror '{text}' cannot be used: {fault}.");
            return null;
        }
        return new() { Host = host, Path = slash < 0 ? "" : rest[slash..].Trim('/'), PathRule = MirrorPathRule.AfterV2, SendsNamespace = true, Place = place };
    }
}

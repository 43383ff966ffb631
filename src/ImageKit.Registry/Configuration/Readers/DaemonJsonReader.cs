using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>Reads the keys of daemon.json that are about registries; the others are dockerd's own.</summary>
internal sealed class DaemonJsonReader(string file, string text, ConfigurationFindings findings)
{
    private static readonly EndpointTls Insecure = new() { AllowsPlain = true, SkipsVerification = true };

    public DaemonJson Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            findings.Error(new(file, 1), "The file holds no JSON object.");
            return new();
        }
        ImmutableArray<(Uri Url, ConfigurationPlace Place)> mirrors = [.. Texts(root, "registry-mirrors").Select(Mirror).OfType<(Uri, ConfigurationPlace)>()];
        ImmutableArray<(string Host, ConfigurationPlace Place)> insecure = [.. Texts(root, "insecure-registries").Select(Host).OfType<(string, ConfigurationPlace)>()];
        return new()
        {
            RegistryMirrors = [.. mirrors.Select(mirror => mirror.Url)],
            InsecureRegistries = [.. insecure.Select(host => host.Host)],
            Rules = mirrors.IsEmpty ? [] : [new()
            {
                Prefix = "docker.io",
                Mirrors = [.. mirrors.Select(mirror => new ConfiguredEndpoint
                {
                    Host = mirror.Url.Authority,
                    Scheme = mirror.Url.Scheme,
                    Path = mirror.Url.AbsolutePath.Trim('/'),
                    PathRule = MirrorPathRule.BeforeV2,
                    Place = mirror.Place,
                })],
                Place = mirrors[0].Place,
            }],
            Hosts = [.. insecure.Select(host => new HostRule(host.Host, Insecure, host.Place))],
        };
    }

    private IEnumerable<(string Text, ConfigurationPlace Place)> Texts(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out JsonElement list)) yield break;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            findings.Error(PlaceOf($"\"{key}\""), $"'{key}' is not a list of strings.");
            yield break;
        }
        foreach (JsonElement item in list.EnumerateArray()) yield return (item.GetString()!, PlaceOf(item.GetRawText()));
    }

    private (Uri, ConfigurationPlace)? Mirror((string Text, ConfigurationPlace Place) mirror)
    {
        string? fault = null;
        if (!mirror.Text.Contains("://", StringComparison.Ordinal)) fault = "it has no scheme";
        else if (!Uri.TryCreate(mirror.Text, UriKind.Absolute, out Uri? url)) fault = "it is no URL";
        else if (url.Scheme == "unix") fault = "mirrors behind a socket are not supported";
        else if (url.Scheme is not ("http" or "https")) fault = $"its scheme '{url.Scheme}' is not HTTP";
        else if (url.Host.Length == 0) fault = "it has no host";
        else if (mirror.Text.AsSpan().ContainsAny('?', '#')) fault = "it has a query or fragment";
        else if (url.UserInfo.Length > 0) fault = "it holds a login";
        else return (new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), mirror.Place);
        findings.Error(mirror.Place, $"The mirror '{mirror.Text}' cannot be used: {fault}.", "Write https://host[:port][/path].");
        return null;
    }

    private (string, ConfigurationPlace)? Host((string Text, ConfigurationPlace Place) insecure)
    {
        string host = insecure.Text;
        if (host.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || host.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            findings.Warning(insecure.Place, $"The insecure registry '{host}' has a scheme, which is left out.");
            host = host[(host.IndexOf("//", StringComparison.Ordinal) + 2)..];
        }
        if (HostText.Fault(host) is not { } fault) return (host, insecure.Place);
        findings.Error(insecure.Place, $"The insecure registry '{insecure.Text}' cannot be used: {fault}.", "Write a host, with a port if needed, or a range such as 10.0.0.0/8.");
        return null;
    }

    // JSON elements do not know where they stand; values are unlikely to stand in the file twice.
    private ConfigurationPlace PlaceOf(string raw)
    {
        int at = text.IndexOf(raw, StringComparison.Ordinal);
        return at < 0 ? new(file, 0) : new(file, text.AsSpan(0, at).Count('\n') + 1, at - text.LastIndexOf('\n', at));
    }
}

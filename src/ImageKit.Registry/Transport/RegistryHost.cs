using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>A registry as users name it, under one spelling: Docker Hub has four. `default` is no registry.</summary>
internal readonly record struct RegistryHost
{
    private RegistryHost(string name) => Name = name;

    /// <summary>The canonical name: lower case, without scheme and path: `docker.io`, `localhost:5000`, `[::1]:5000`.</summary>
    public string Name { get; }

    /// <summary>Where requests go: the name, but for Docker Hub.</summary>
    public string Authority => Name == "docker.io" ? "registry-1.docker.io" : Name;

    /// <summary>The name that credential programs and docker's file use for it.</summary>
    public string CredentialKey => Name == "docker.io" ? "https://index.docker.io/v1/" : Name;

    /// <summary>Whether it is this machine: `localhost`, 127.0.0.0/8, `::1`.</summary>
    public bool IsLoopback => IsLoopbackName(new Uri($"https://{Authority}").IdnHost);

    /// <summary>Reads `host[:port]`, with or without a scheme and a path behind it.</summary>
    public static bool TryParse(string text, out RegistryHost host)
    {
        host = default;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int scheme = rest.IndexOf("://");
        if (scheme >= 0) rest = rest[(scheme + 3)..];
        int slash = rest.IndexOf('/');
        if (slash >= 0) rest = rest[..slash];
        string name = rest.ToString().ToLowerInvariant();
        if (name.Length == 0 || name.Contains('@', StringComparison.Ordinal) || name.AsSpan().ContainsAny("?#\\% \t")) return false;
        if (!Uri.TryCreate($"https://{name}/", UriKind.Absolute, out Uri? uri) || uri.AbsolutePath != "/" || uri.UserInfo.Length > 0) return false;
        host = new(ImageReference.CanonicalRegistry(name));
        return true;
    }

    /// <summary>Reads what <see cref="TryParse"/> reads.</summary>
    /// <exception cref="RegistryException">The text names no host (IK2016).</exception>
    public static RegistryHost Parse(string text) => TryParse(text, out RegistryHost host) ? host
        : throw new RegistryException("IK2016", RegistryErrorKind.Refused, $"'{text}' names no registry.", mend: "Write a host and, if needed, a port, such as 'registry.example.com:5000'.");

    /// <summary>Whether a host name or address is this machine.</summary>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    public override string ToString() => Name ?? "";
}

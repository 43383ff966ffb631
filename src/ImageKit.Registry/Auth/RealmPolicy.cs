using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Which token servers are asked for a registry, and which of them may see its login.</summary>
internal static class RealmPolicy
{
    // Token servers of other domains that registries are known to use.
    private static readonly (string Registry, string Realm)[] Known = [("nvcr.io", "authn.nvidia.com")];

    // Suffixes under which strangers have neighbouring names: two labels there are nobody's domain.
    private static readonly HashSet<string> SharedSuffixes = new(StringComparer.OrdinalIgnoreCase)
    {
        "co.uk", "org.uk", "ac.uk", "gov.uk", "me.uk", "com.au", "net.au", "org.au", "edu.au", "gov.au", "com.br", "net.br", "org.br", "gov.br",
        "com.cn", "net.cn", "org.cn", "gov.cn", "edu.cn", "ac.cn", "co.jp", "ne.jp", "or.jp", "ac.jp", "go.jp", "co.kr", "or.kr", "go.kr",
        "co.nz", "org.nz", "co.za", "org.za", "co.in", "net.in", "org.in", "gov.in", "com.tw", "org.tw", "com.hk", "org.hk", "com.sg", "com.tr",
        "org.tr", "com.mx", "com.ar", "com.my", "com.ua", "com.pl", "com.vn", "com.ph", "com.sa", "com.eg", "com.co", "com.pe", "co.il", "org.il",
        "co.th", "co.id", "co.ke", "com.pk", "com.bd", "com.ng", "azurecr.io", "azurecr.cn", "amazonaws.com", "pkg.dev", "gcr.io", "run.app",
        "appspot.com", "web.app", "azurewebsites.net", "cloudapp.net", "windows.net", "cloudfront.net", "herokuapp.com", "github.io", "gitlab.io",
        "pages.dev", "workers.dev", "vercel.app", "netlify.app", "fly.dev", "onrender.com", "ngrok.io", "ngrok.app", "digitaloceanspaces.com", "aliyuncs.com",
        "myhuaweicloud.com", "tencentcloudcr.com", "jfrog.io", "cloudsmith.io", "scw.cloud", "ondigitalocean.app", "duckdns.org",
    };

    /// <summary>Reads the realm of a challenge; it keeps the query that it has.</summary>
    /// <exception cref="RegistryException">The realm is no URL that may be followed (IK2012).</exception>
    public static Uri Read(RegistryEndpoint endpoint, string realm)
    {
        if (!Uri.TryCreate(realm, UriKind.Absolute, out _))
        {
            throw new RegistryException("IK2012", RegistryErrorKind.UnsafeUrl, $"{endpoint.Host} names a token server that is no URL.",
                mend: "Ask the operators of the registry; its 'WWW-Authenticate' is set up wrongly.")
            { Host = endpoint.Host.Name };
        }
        return UrlPolicy.Resolve(endpoint.Root, realm, endpoint);
    }

    /// <summary>Whether the login for a registry may be sent to this token server.</summary>
    public static bool MaySeeLogin(RegistryEndpoint endpoint, Uri realm, ImmutableArray<string> trusted)
    {
        string registry = endpoint.Root.IdnHost, server = realm.IdnHost;
        return registry.Equals(server, StringComparison.OrdinalIgnoreCase)
            || (endpoint.Host.IsLoopback && RegistryHost.IsLoopbackName(server))
            || Known.Contains((registry, server))
            || trusted.Any(host => host.Equals(server, StringComparison.OrdinalIgnoreCase) || host.Equals(realm.Authority, StringComparison.OrdinalIgnoreCase))
            || (Domain(registry) is { } domain && domain.Equals(Domain(server), StringComparison.OrdinalIgnoreCase));
    }

    // The part of a name that one owner has: two labels, three below a shared suffix. Addresses and bare names have none.
    private static string? Domain(string host)
    {
        string[] labels = host.TrimEnd('.').Split('.');
        if (labels.Length < 2 || Uri.CheckHostName(host) != UriHostNameType.Dns) return null;
        int count = SharedSuffixes.Contains($"{labels[^2]}.{labels[^1]}") ? 3 : 2;
        return labels.Length < count ? null : string.Join('.', labels[^count..]);
    }
}

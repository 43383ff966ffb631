using System.Net;

namespace ImageKit.Registry;

/// <summary>
/// The proxies of the environment: `HTTPS_PROXY`, `HTTP_PROXY`, else `ALL_PROXY`, in capitals or not, and `NO_PROXY` as Go's programs read it.
/// .NET's own reading of it knows neither ranges of addresses, nor ports, nor `*.domain`.
/// </summary>
public sealed class EnvironmentProxy : IWebProxy
{
    private readonly Uri? _plain, _secure;
    private readonly NoProxyList _except;

    private EnvironmentProxy(Uri? plain, Uri? secure, NoProxyList except) => (_plain, _secure, _except) = (plain, secure, except);

    /// <summary>The proxies of this process; null if none is set.</summary>
    public static EnvironmentProxy? OfMachine() => Read(Environment.GetEnvironmentVariable);

    /// <summary>Reads the variables; null if none names a proxy.</summary>
    /// <param name="variable">The value of a variable, or null.</param>
    /// <exception cref="ImageKitException">A proxy is no URL (IK2043).</exception>
    public static EnvironmentProxy? Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? all = Either("ALL_PROXY");
        // A server's client may set HTTP_PROXY by a header of that name in CGI.
        Uri? plain = Parse("HTTP_PROXY", (variable("REQUEST_METHOD") is null ? Either("HTTP_PROXY") : variable("http_proxy")) ?? all);
        Uri? secure = Parse("HTTPS_PROXY", Either("HTTPS_PROXY") ?? all);
        return plain is null && secure is null ? null : new(plain, secure, NoProxyList.Parse(Either("NO_PROXY") ?? ""));

        string? Either(string name) => variable(name) is { Length: > 0 } upper ? upper : variable(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower : null;
    }

    /// <summary>The login for the proxy that its URL holds; set by nobody else.</summary>
    public ICredentials? Credentials
    {
        get => new ProxyLogins(_plain, _secure);
        set => throw new NotSupportedException("The login of a proxy is part of its URL.");
    }

    /// <summary>The proxy for a URL, or null if it is asked directly. Its text may hold a login.</summary>
    public Uri? GetProxy(Uri destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Uri? proxy = destination.Scheme == "https" ? _secure : _plain;
        return proxy is null || _except.Covers(destination.IdnHost, destination.Port) ? null : proxy;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    private static Uri? Parse(string name, string? text)
    {
        if (text is null) return null;
        string url = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        bool good = Uri.TryCreate(url, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5" or "socks5h" && proxy!.Host.Length > 0;
        if (!good) throw new ImageKitException("IK2043", $"The proxy in {name} is no URL.", "It may be http://, https:// or socks5://, with host and port.", $"Set {name} to something like http://proxy.example.com:3128.");
        // The handler knows SOCKS 5 by one name; either way the proxy looks names up.
        return proxy!.Scheme == "socks5h" ? new UriBuilder(proxy) { Scheme = "socks5" }.Uri : proxy;
    }

    private sealed class ProxyLogins(params Uri?[] proxies) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            Uri? proxy = proxies.FirstOrDefault(proxy => proxy is not null && proxy.Authority == uri.Authority && proxy.UserInfo.Length > 0);
            if (proxy is null) return null;
            string[] parts = proxy.UserInfo.Split(':', 2);
            return new(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
    }
}

using System.Net;
using System.Net.Security;

namespace ImageKit.Registry;

/// <summary>The connections under a <see cref="RegistryClient"/>.</summary>
public static class RegistryHttp
{
    /// <summary>
    /// Makes the handler that a client uses unless told otherwise: no decompression (digests are of the bytes as sent), no redirects
    /// (the client follows them itself, without carrying logins along), pooled connections, the system's certificates and proxies.
    /// </summary>
    public static SocketsHttpHandler CreateHandler(RegistryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        HashSet<string> insecure = [.. from host in options.InsecureHosts where RegistryHost.TryParse(host, out _) select NameOf(host)];
        SocketsHttpHandler handler = new()
        {
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.Timeouts.Connect,
            MaxConnectionsPerServer = options.MaxConnectionsPerHost,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // name servers move registries
            MaxResponseHeadersLength = 64, // KiB
        };
        if (insecure.Count > 0)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (sender, _, _, errors) =>
                errors == SslPolicyErrors.None || (sender is SslStream stream && insecure.Contains(stream.TargetHostName));
        }
        return handler;
    }

    private static string NameOf(string host) => new Uri($"https://{RegistryHost.Parse(host).Authority}").IdnHost;
}

using System.Net;
using System.Net.Security;

namespace ImageKit.Registry;

/// <summary>Makes a pool of connections.</summary>
internal static class SocketPool
{
    public static SocketsHttpHandler Create(RegistryOptions options, ConnectionSettings settings)
    {
        SocketsHttpHandler handler = new()
        {
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.ConnectTimeout ?? options.Timeouts.Connect,
            MaxConnectionsPerServer = options.MaxConnectionsPerHost,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // name servers move registries
            MaxResponseHeadersLength = 64, // KiB
            UseProxy = options.Proxy is not null,
            Proxy = options.Proxy,
        };
        Secure(handler.SslOptions, options, settings);
        if (settings.NamedBy is { } registry) handler.ConnectCallback = new OutsideConnection(registry).ConnectAsync;
        return handler;
    }

    private static void Secure(SslClientAuthenticationOptions tls, RegistryOptions options, ConnectionSettings settings)
    {
        HashSet<string> insecure = [.. from host in options.InsecureHosts where RegistryHost.TryParse(host, out _) select NameOf(host)];
        CertificateTrust? trust = settings.Authorities.IsEmpty ? null : CertificateTrust.Read(settings.Authorities);
        if (!settings.Clients.IsEmpty) tls.ClientCertificates = ClientCertificates.Read(settings.Clients);
        if (insecure.Count == 0 && trust is null && !settings.SkipsVerification) return;
        tls.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => errors == SslPolicyErrors.None || settings.SkipsVerification
            || (sender is SslStream stream && insecure.Contains(stream.TargetHostName))
            || (trust is not null && trust.Trusts(certificate, chain, errors));
    }

    private static string NameOf(string host) => new Uri($"https://{RegistryHost.Parse(host).Authority}").IdnHost;
}

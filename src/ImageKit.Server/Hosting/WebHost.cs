using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace ImageKit.Server;

/// <summary>The web server: its limits, its address, its certificate.</summary>
internal static class WebHost
{
    /// <summary>Makes the web server, not started yet. It reads no settings of its own: neither files nor variables nor arguments.</summary>
    public static WebApplication Create(ListenAddress address, RegistryServerOptions options, ServerCertificate? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            KestrelServerLimits limits = kestrel.Limits;
            limits.MaxRequestBodySize = null; // blobs; what is held in memory has limits of its own
            limits.MaxConcurrentConnections = options.MaxConnections;
            limits.MaxRequestHeadersTotalSize = 64 * 1024;
            limits.MaxRequestLineSize = 16 * 1024;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(15));
            limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(15));
            limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            if (address.Address.Equals(System.Net.IPAddress.IPv6Any)) kestrel.ListenAnyIP(address.Port, listen => Secure(listen, certificate));
            else kestrel.Listen(address.Address, address.Port, listen => Secure(listen, certificate));
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new LargeBlocks()); // the last one counts
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private static void Secure(ListenOptions listen, ServerCertificate? certificate)
    {
        listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (certificate is null) return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current() }),
        });
    }
}

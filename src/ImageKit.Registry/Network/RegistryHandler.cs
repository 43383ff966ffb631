using System.Collections.Concurrent;

namespace ImageKit.Registry;

/// <summary>Carries requests over connections that suit their host: one pool for each set of certificates and limits.</summary>
internal sealed class RegistryHandler(RegistryOptions options) : HttpMessageHandler
{
    private static readonly ConnectionSettings Standard = new([], [], SkipsVerification: false, ConnectTimeout: null);

    private readonly ConcurrentDictionary<ConnectionSettings, Lazy<HttpMessageInvoker>> _pools = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(ConnectionSettings.Key, out ConnectionSettings? settings)) settings = Standard;
        if (settings.ConnectTimeout == options.Timeouts.Connect) settings = settings with { ConnectTimeout = null };
        return _pools.GetOrAdd(settings, key => new(() => new HttpMessageInvoker(SocketPool.Create(options, key)))).Value.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (Lazy<HttpMessageInvoker> pool in _pools.Values.Where(pool => disposing && pool.IsValueCreated)) pool.Value.Dispose();
        base.Dispose(disposing);
    }
}

using ImageKit.Testing;

namespace ImageKit.Server.Tests;

/// <summary>A registry on a port of loopback, of one of the forms that content is kept in.</summary>
internal sealed class ServedRegistry : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly RegistryServer? _server;
    private readonly InMemoryRegistry? _inMemory;

    private ServedRegistry(string host, TemporaryFolder? folder, RegistryServer? server, InMemoryRegistry? inMemory)
    {
        (Host, _folder, _server, _inMemory) = (host, folder, server, inMemory);
        Http = new() { BaseAddress = new Uri($"http://{host}/") };
    }

    /// <summary>The forms: in a folder and in memory behind the web server, and the one for users' tests.</summary>
    public static string[] Forms { get; } = ["folder", "memory", "testing"];

    /// <summary>Host and port, as in a reference.</summary>
    public string Host { get; }

    public HttpClient Http { get; }

    /// <summary>The folder of the one that has one.</summary>
    public string Root => _folder!["registry"];

    public static async Task<ServedRegistry> StartAsync(string form = "folder", Func<RegistryServerOptions, RegistryServerOptions>? change = null)
    {
        if (form == "testing")
        {
            InMemoryRegistry testing = new();
            return new(testing.Listen(), null, null, testing);
        }
        TemporaryFolder? folder = form == "folder" ? new() : null;
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder?["registry"] };
        RegistryServer server = await RegistryServer.StartAsync(change is null ? options : change(options));
        return new(new Uri(server.Address).Authority, folder, server, null);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _inMemory?.Dispose();
        _folder?.Dispose();
    }
}

namespace ImageKit.Integration.Tests.Machine;

/// <summary>The tool's own registry, as a process.</summary>
internal sealed class OwnRegistry : IDisposable
{
    private readonly Running _server;

    private OwnRegistry(Running server, string host) => (_server, Host) = (server, host);

    /// <summary>Host and port, as in a reference.</summary>
    public string Host { get; }

    /// <summary>Its lines about requests so far.</summary>
    public string Log => _server.SoFar;

    public static async Task<OwnRegistry> StartAsync(Home home, string root, params IReadOnlyList<string> options)
    {
        int port = RegistryServer.FreePort();
        return await StartAsync(home, root, port, options);
    }

    /// <summary>Starts it on a port that it, or another one, had before.</summary>
    public static async Task<OwnRegistry> StartAsync(Home home, string root, int port, IReadOnlyList<string> options)
    {
        Running server = home.Tool(["registry", "serve", "--listen", $"127.0.0.1:{port}", "--root", root, .. options]).Start();
        await server.UntilAsync("Ctrl-C ends it");
        Assert.That(server.Ended, Is.False, server.SoFar);
        return new(server, $"127.0.0.1:{port}");
    }

    public Task SignalAsync(string signal) => _server.SignalAsync(signal);

    public Task<Result> EndAsync() => _server.EndAsync();

    /// <summary>Peak memory in bytes so far.</summary>
    public long PeakBytes => File.ReadLines($"/proc/{_server.Id}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024).Single();

    public void Dispose() => _server.Dispose();
}

using System.Net;
using System.Net.Sockets;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>A real docker-registry on loopback, of one of the kinds of <c>tests/tools/registries</c>.</summary>
internal sealed class RegistryServer : IDisposable
{
    private readonly Running _server;

    private RegistryServer(Running server, string host, string folder) => (_server, Host, Folder) = (server, host, folder);

    /// <summary>Host and port, as in a reference.</summary>
    public string Host { get; }

    /// <summary>Where the server's data lies, and <c>ca.crt</c> of the TLS one.</summary>
    public string Folder { get; }

    /// <summary>The access log so far.</summary>
    public string Log => _server.SoFar;

    /// <summary>How many blobs were uploaded so far.</summary>
    public int Uploads => Log.Split('\n').Count(line => line.Contains("\"PUT /v2/", StringComparison.Ordinal) && line.Contains("/blobs/uploads/", StringComparison.Ordinal));

    public static async Task<RegistryServer> StartAsync(string kind, params IReadOnlyList<string> arguments)
    {
        Need.Program("docker-registry");
        int port = FreePort();
        string folder = Path.Combine(Bench.Root, $"registry-{kind}-{port}");
        Running server = new Command(Path.Combine(Checkout.Root, "tests/tools/registries"), [kind, $"{port}", folder, .. arguments]).Start();
        await Wait.UntilAsync(() => server.Ended || Answers(port), $"the {kind} registry", seconds: 20);
        Assert.That(server.Ended, Is.False, server.SoFar);
        return new RegistryServer(server, $"{(kind == "tls" ? "localhost" : "127.0.0.1")}:{port}", folder);
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Lets the server answer nothing until it is resumed.</summary>
    public Task PauseAsync() => _server.SignalAsync("STOP");

    public Task ResumeAsync() => _server.SignalAsync("CONT");

    public void Dispose() => _server.Dispose();

    private static bool Answers(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false; // Not up yet.
        }
    }
}

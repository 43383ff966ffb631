using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ImageKit.Registry.Tests;

/// <summary>Debian's docker-registry, on a free port of loopback, with a folder of its own; gone with its process.</summary>
internal sealed class RealRegistry : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _folder;

    private RealRegistry(Process process, TemporaryFolder folder, string host) => (_process, _folder, Host) = (process, folder, host);

    /// <summary>`127.0.0.1:PORT`, or `localhost:PORT` with TLS.</summary>
    public string Host { get; }

    /// <summary>Starts one; <paramref name="auth"/> and <paramref name="tls"/> are pieces of its configuration, given its folder.</summary>
    public static async Task<RealRegistry> StartAsync(Func<string, string>? auth = null, Func<string, string>? tls = null)
    {
        RequireProgram("docker-registry");
        TemporaryFolder folder = new();
        int port = FreePort();
        string configuration = Path.Combine(folder.Path, "registry.yml");
        string text = $"""
            version: 0.1
            log: {"{"}level: error{"}"}
            storage:
              filesystem: {"{"}rootdirectory: {folder.Path}/data{"}"}
              delete: {"{"}enabled: true{"}"}
            http:
              addr: 127.0.0.1:{port}
            {tls?.Invoke(folder.Path)}
            {auth?.Invoke(folder.Path)}

            """;
        await File.WriteAllTextAsync(configuration, text);
        Process process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        RealRegistry registry = new(process, folder, (tls is null ? "127.0.0.1:" : "localhost:") + port);
        await registry.WaitAsync(port);
        return registry;
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static void RequireProgram(string name)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
        if (found) return;
        if (Environment.GetEnvironmentVariable("CI") == "true" || Environment.UserName == "root") Assert.Fail($"{name} is not installed.");
        Assert.Ignore($"{name} is not installed.");
    }

    /// <summary>Ends the server; its folder stays until this is disposed.</summary>
    public async Task StopAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task WaitAsync(int port)
    {
        for (int i = 0; i < 200 && !_process.HasExited; i++)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }
        Assert.Fail("docker-registry did not come up.");
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageKit.Registry.Tests;

/// <summary>A proxy that tunnels every CONNECT to one port of loopback, and notes what it was asked.</summary>
internal sealed class TunnelProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;

    public TunnelProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<string> Asked { get; } = new();

    public Uri Url => new($"http://me:secret@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = TunnelAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using (client)
        using (TcpClient registry = new())
        {
            NetworkStream from = client.GetStream();
            StringBuilder head = new();
            byte[] one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await from.ReadAsync(one) == 1) head.Append((char)one[0]);
            Asked.Enqueue(head.ToString());
            if (!head.ToString().Contains("Proxy-Authorization: Basic bWU6c2VjcmV0", StringComparison.Ordinal))
            {
                await from.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                return;
            }
            await registry.ConnectAsync(IPAddress.Loopback, _target);
            await from.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
            await Task.WhenAny(from.CopyToAsync(registry.GetStream()), registry.GetStream().CopyToAsync(from));
        }
    }
}

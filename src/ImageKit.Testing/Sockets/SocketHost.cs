using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ImageKit.Testing;

/// <summary>Serves the registry on a port of loopback, down to the socket: so that connections can be reset, and lengths be lies.</summary>
internal sealed class SocketHost : IDisposable
{
    private readonly TcpListener _listener;
    private readonly FaultyServer _server;
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly CancellationTokenSource _stop = new();

    private SocketHost(TcpListener listener, FaultyServer server)
    {
        (_listener, _server) = (listener, server);
        Name = "127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    public string Name { get; }

    public static SocketHost Start(FaultyServer server)
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start(backlog: 512);
        SocketHost host = new(listener, server);
        _ = host.AcceptAsync();
        return host;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        foreach (Socket socket in _open.Keys) socket.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                _ = AnswerAsync(socket, _stop.Token);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                if (_stop.IsCancellationRequested || error is not SocketException) return; // closed; else the client went away before it was accepted
            }
        }
    }

    private async Task AnswerAsync(Socket socket, CancellationToken cancel)
    {
        _open[socket] = 0;
        using (socket) await new SocketConnection(socket, Name, _server).RunAsync(cancel).ConfigureAwait(false);
        _open.TryRemove(socket, out _);
    }
}

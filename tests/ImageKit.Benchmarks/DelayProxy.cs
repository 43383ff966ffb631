using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ImageKit.Benchmarks;

/// <summary>
/// A long line to a server of this machine: connections, and every byte either way, arrive late by half a round trip. Bandwidth is not limited.
/// </summary>
internal sealed class DelayProxy(int port, int target, TimeSpan roundTrip)
{
    private const int PieceBytes = 64 * 1024, MostPieces = 1024; // on the line at once, each way

    public async Task RunAsync()
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        listener.Start(512);
        while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (TcpClient server = new() { NoDelay = true })
        {
            client.NoDelay = true;
            await Task.Delay(roundTrip); // the handshake
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAll(PumpAsync(client.Client, server.Client), PumpAsync(server.Client, client.Client));
            }
            catch (SocketException)
            {
                // One side went away: so does the other.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var line = Channel.CreateBounded<(byte[] Bytes, long Due)>(MostPieces);
        Task sending = SendAsync(line.Reader, to);
        byte[] buffer = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
                await line.Writer.WriteAsync((buffer[..count], Environment.TickCount64 + (long)(roundTrip.TotalMilliseconds / 2)));
        }
        finally
        {
            line.Writer.Complete();
            await sending;
        }
    }

    private static async Task SendAsync(ChannelReader<(byte[] Bytes, long Due)> line, Socket to)
    {
        await foreach ((byte[] bytes, long due) in line.ReadAllAsync())
        {
            if (due - Environment.TickCount64 is > 0 and long wait) await Task.Delay((int)wait);
            for (int sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes.AsMemory(sent));
        }
        to.Shutdown(SocketShutdown.Send);
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;

namespace ImageKit.Sandbox;

/// <summary>
/// One end of the socket between a caller and its keeper. A frame is 4 bytes of length (little endian), one byte of kind, and that many bytes:
/// JSON for messages; for output the run's number (4 bytes) and what was written. Many may send at once; one receives.
/// </summary>
internal sealed class KeeperChannel : IDisposable
{
    private const int HeaderLength = 5;
    private const int LongestFrame = 64 << 20;
    private const byte Message = 0;
    private const byte StandardOutput = 1;
    private const byte StandardError = 2;

    private readonly NetworkStream _stream;
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>Takes over a connected socket.</summary>
    public KeeperChannel(int descriptor)
    {
        Socket socket = new(new SafeSocketHandle(descriptor, ownsHandle: true));
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends a message.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public Task SendAsync(KeeperMessage message, CancellationToken cancel) =>
        SendAsync(Message, JsonSerializer.SerializeToUtf8Bytes(message, SandboxJson.Default.KeeperMessage), cancel);

    /// <summary>Sends a piece of output.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public Task SendAsync(int runId, RunOutput output, CancellationToken cancel)
    {
        byte[] body = new byte[4 + output.Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(body, runId);
        output.Bytes.Span.CopyTo(body.AsSpan(4));
        return SendAsync(output.Error ? StandardError : StandardOutput, body, cancel);
    }

    /// <summary>Receives the next frame; null when the other side is gone.</summary>
    public async Task<Frame?> ReceiveAsync(CancellationToken cancel)
    {
        try
        {
            byte[] header = new byte[HeaderLength];
            await _stream.ReadExactlyAsync(header, cancel).ConfigureAwait(false);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is < 0 or > LongestFrame) throw new InvalidDataException($"A frame of {length} bytes came over the keeper's socket.");
            byte[] body = new byte[length];
            await _stream.ReadExactlyAsync(body, cancel).ConfigureAwait(false);
            return ToFrame(header[4], body);
        }
        catch (IOException) // the end of the stream, or a connection reset by a killed peer: both mean that it is gone
        {
            return null;
        }
        catch (ObjectDisposedException) // our own end was closed
        {
            return null;
        }
    }

    /// <summary>Receives the next message; null when the other side is gone.</summary>
    public async Task<KeeperMessage?> ReceiveMessageAsync(CancellationToken cancel) =>
        (await ReceiveAsync(cancel).ConfigureAwait(false))?.Message;

    /// <summary>Closes this end.</summary>
    public void Dispose() => _stream.Dispose(); // not the semaphore: a late sender may still hold it

    private static Frame ToFrame(byte kind, byte[] body) => kind == Message
        ? new Frame(JsonSerializer.Deserialize(body, SandboxJson.Default.KeeperMessage), 0, default)
        : new Frame(null, BinaryPrimitives.ReadInt32LittleEndian(body), new RunOutput(kind == StandardError, body.AsMemory(4)));

    private async Task SendAsync(byte kind, byte[] body, CancellationToken cancel)
    {
        byte[] frame = new byte[HeaderLength + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        frame[4] = kind;
        body.CopyTo(frame.AsSpan(HeaderLength));
        await _sending.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false); // half a frame would break the other side
        }
        finally
        {
            _sending.Release();
        }
    }
}

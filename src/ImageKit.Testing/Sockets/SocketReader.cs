using System.Net.Sockets;
using System.Text;

namespace ImageKit.Testing;

/// <summary>Reads lines and bytes from a socket.</summary>
internal sealed class SocketReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start, _end;

    /// <summary>A line without its end; null if the peer ended the connection before it.</summary>
    /// <exception cref="IOException">The line is too long, or breaks off.</exception>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancel)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                string line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length) throw new IOException("A line is too long.");
            int read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancel).ConfigureAwait(false);
            if (read == 0) return _end == 0 ? null : throw new IOException("The request breaks off.");
            _end += read;
        }
    }

    /// <summary>Some bytes; 0 if the peer ended the connection.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        if (_start == _end) return await socket.ReceiveAsync(buffer, cancel).ConfigureAwait(false);
        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <summary>Takes no notice of what comes until the peer ends the connection.</summary>
    public async Task WaitForEndAsync(CancellationToken cancel)
    {
        while (await socket.ReceiveAsync(_buffer.AsMemory(), cancel).ConfigureAwait(false) > 0) { }
    }
}

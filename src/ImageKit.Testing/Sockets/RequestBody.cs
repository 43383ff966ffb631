using System.Globalization;
using ImageKit.Oci;

namespace ImageKit.Testing;

/// <summary>The body of a request, of a length that was told or in chunks.</summary>
/// <param name="reader">The connection.</param>
/// <param name="head">The request.</param>
/// <param name="goOn">Tells a client that waits for it to send the body.</param>
internal sealed class RequestBody(SocketReader reader, RequestHead head, Func<CancellationToken, Task> goOn) : ReadOnlyStream
{
    private long _left = head.BodyLength ?? 0;
    private bool _inChunks = head.BodyLength is null, _begun;

    /// <summary>Whether anything was read, so that the client sends it.</summary>
    public bool WasAsked { get; private set; }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!WasAsked && head.ExpectsContinue) await goOn(cancellationToken).ConfigureAwait(false);
        WasAsked = true;
        if (_left == 0 && _inChunks) await NextChunkAsync(cancellationToken).ConfigureAwait(false);
        if (_left == 0 || buffer.Length == 0) return 0;
        int read = await reader.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false);
        if (read == 0) throw new IOException("The body breaks off.");
        _left -= read;
        return read;
    }

    /// <summary>Reads what is left, unless that is too much.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> TryDrainAsync(long most, CancellationToken cancel)
    {
        byte[] buffer = new byte[64 * 1024];
        for (long total = 0; total < most;)
        {
            int read = await ReadAsync(buffer, cancel).ConfigureAwait(false);
            if (read == 0) return true;
            total += read;
        }
        return false;
    }

    private async Task NextChunkAsync(CancellationToken cancel)
    {
        if (_begun) await reader.ReadLineAsync(cancel).ConfigureAwait(false); // the line end behind the last chunk
        _begun = true;
        string line = await reader.ReadLineAsync(cancel).ConfigureAwait(false) ?? throw new IOException("The body breaks off.");
        if (!long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0) throw new IOException("This is no chunk.");
        if (_left > 0) return;
        _inChunks = false;
        while (await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { Length: > 0 }) { } // trailers
    }
}

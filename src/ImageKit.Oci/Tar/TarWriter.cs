using System.Buffers;

namespace ImageKit.Oci;

/// <summary>
/// Writes a tar: ustar headers, PAX records only where an entry needs them. The bytes depend on nothing but the entries: no names of users,
/// no clock, no process id. Not for use by several threads at once.
/// </summary>
public sealed class TarWriter : IAsyncDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly Stream _output;
    private readonly bool _leaveOpen;
    private readonly TarEncoder _encoder = new();

    /// <summary>Begins a tar.</summary>
    /// <param name="output">Where to write; need not seek.</param>
    /// <param name="leaveOpen">Whether <paramref name="output"/> stays open when this is disposed.</param>
    public TarWriter(Stream output, bool leaveOpen = false) => (_output, _leaveOpen) = (output, leaveOpen);

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Writes an entry and the bytes of a regular file.</summary>
    /// <param name="entry">What to say of it; <see cref="TocEntry.Size"/> governs.</param>
    /// <param name="content">Exactly as many bytes; null for an empty file and for all that is no regular file.</param>
    /// <param name="cancel">Stops the work; the tar is then unfinished.</param>
    /// <exception cref="ContentException"><paramref name="content"/> is shorter or longer than the entry says (IK1205).</exception>
    public async ValueTask WriteAsync(TocEntry entry, Stream? content = null, CancellationToken cancel = default)
    {
        await WriteAsync(_encoder.Encode(entry), cancel).ConfigureAwait(false);
        if (entry.Kind != EntryKind.File) return;
        if (entry.Size > 0) await CopyAsync(entry, content ?? throw new ArgumentNullException(nameof(content), $"'{entry.Path}' is not empty."), cancel).ConfigureAwait(false);
        await WriteAsync(TarEncoder.Zeros[..TarBlock.Padding(entry.Size)], cancel).ConfigureAwait(false);
    }

    /// <summary>Writes the two empty blocks that end a tar.</summary>
    public ValueTask CompleteAsync(CancellationToken cancel = default) => WriteAsync(TarEncoder.Zeros, cancel);

    /// <summary>Closes the output unless it was to stay open; without <see cref="CompleteAsync"/> the tar is unfinished.</summary>
    public ValueTask DisposeAsync() => _leaveOpen ? default : _output.DisposeAsync();

    private async ValueTask CopyAsync(TocEntry entry, Stream content, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferBytes, entry.Size + 1));
        try
        {
            long left = entry.Size;
            for (int read; (read = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; left -= read)
            {
                if (read > left) throw TarFaults.Changed(entry.Path, $"It is longer than the {entry.Size} bytes it had before.");
                await WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            }
            if (left > 0) throw TarFaults.Changed(entry.Path, $"It ended after {entry.Size - left} of {entry.Size} bytes.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _output.WriteAsync(bytes, cancel).ConfigureAwait(false);
        Position += bytes.Length;
    }
}

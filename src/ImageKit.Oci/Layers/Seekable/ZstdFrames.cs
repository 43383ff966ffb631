using System.Buffers.Binary;

namespace ImageKit.Oci;

/// <summary>Compresses into frames that end where they are told to, of at most 1 MiB each.</summary>
internal sealed class ZstdFrames(Stream output, BlockCodec codec)
{
    /// <summary>Bytes before the content of a frame that readers skip.</summary>
    public const int SkippableHeaderBytes = 8;

    private readonly byte[] _block = new byte[BlockCodec.BlockBytes], _output = new byte[BlockCodec.OutputBytes];
    private int _length;

    /// <summary>Where in the output the next frame begins, once the one at hand is ended.</summary>
    public long Position { get; private set; }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, _block.Length - _length);
            bytes.Span[..count].CopyTo(_block.AsSpan(_length));
            _length += count;
            bytes = bytes[count..];
            if (_length == _block.Length) await EndAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the frame at hand; what follows begins one.</summary>
    public async ValueTask EndAsync(CancellationToken cancel)
    {
        if (_length == 0) return;
        int written = codec.Compress(_block.AsSpan(0, _length), _output);
        _length = 0;
        await EmitAsync(_output.AsMemory(0, written), cancel).ConfigureAwait(false);
    }

    /// <summary>Writes a frame that readers skip.</summary>
    /// <returns>Where its content begins.</returns>
    public async ValueTask<long> SkipAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        await EndAsync(cancel).ConfigureAwait(false);
        byte[] head = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), content.Length);
        await EmitAsync(head, cancel).ConfigureAwait(false);
        long at = Position;
        await EmitAsync(content, cancel).ConfigureAwait(false);
        return at;
    }

    private ValueTask EmitAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        Position += bytes.Length;
        return output.WriteAsync(bytes, cancel);
    }
}

using System.Buffers;

namespace ImageKit.Oci;

/// <summary>Writes the numbers, texts and bytes of a table of contents: numbers in groups of seven bits, texts with their length before.</summary>
internal sealed class TocWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Number(ulong value)
    {
        Span<byte> span = _bytes.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }

    public void Signed(long value) => Number((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void Text(ReadOnlySpan<char> text)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(text.Length * 3);
        int length = TarText.Encode(text, buffer);
        Bytes(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    public void Hash(Hash256 hash)
    {
        hash.CopyTo(_bytes.GetSpan(Hash256.Length));
        _bytes.Advance(Hash256.Length);
    }
}

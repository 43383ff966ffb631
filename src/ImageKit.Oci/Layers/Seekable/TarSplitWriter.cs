using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>Writes a tar without the bytes of its files, from which and from the files the tar can be made again, byte for byte: one JSON object a line.</summary>
/// <seealso href="https://github.com/vbatts/tar-split/blob/v0.11.5/tar/storage/entry.go"/>
internal sealed class TarSplitWriter(ZstdFrames output)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _position;

    /// <summary>Bytes written, not compressed.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of the tar that belong to no file: the padding of the last one, and a header.</summary>
    public ValueTask SegmentAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => bytes.IsEmpty ? default : WriteAsync(2, null, 0, bytes, cancel);

    /// <summary>A file, or an entry without bytes.</summary>
    /// <param name="name">As the tar has it.</param>
    /// <param name="size">Bytes in the tar.</param>
    /// <param name="crc">Of them, as <see cref="Crc"/> goes on with it.</param>
    /// <param name="cancel">Stops the work.</param>
    public ValueTask FileAsync(string name, long size, ulong crc, CancellationToken cancel)
    {
        byte[] sum = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(sum, ~crc);
        return WriteAsync(1, name, size, size > 0 ? sum : default, cancel);
    }

    /// <summary>The checksum so far, CRC-64 of ISO 3309; begins with all ones.</summary>
    public static ulong Crc(ulong crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) crc = Table[(byte)crc ^ value] ^ (crc >> 8);
        return crc;
    }

    private static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(index =>
    {
        ulong crc = (ulong)index;
        for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xD800000000000000 : crc >> 1;
        return crc;
    })];

    private async ValueTask WriteAsync(int type, string? name, long size, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        _line.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_line))
        {
            json.WriteStartObject();
            json.WriteNumber("type", type);
            if (name is not null && name.Any(char.IsSurrogate)) json.WriteBase64String("name_raw", TarText.Encode(name)); // may be no UTF-8
            else if (!string.IsNullOrEmpty(name)) json.WriteString("name", name);
            if (size > 0) json.WriteNumber("size", size);
            if (payload.IsEmpty) json.WriteNull("payload");
            else json.WriteBase64String("payload", payload.Span);
            json.WriteNumber("position", _position++);
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
        Length += _line.WrittenCount;
        await output.AppendAsync(_line.WrittenMemory, cancel).ConfigureAwait(false);
    }
}

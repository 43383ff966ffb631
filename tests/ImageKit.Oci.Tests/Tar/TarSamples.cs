using System.Buffers.Binary;
using System.Text;

namespace ImageKit.Oci.Tests.TarTests;

/// <summary>Tars made by hand, byte by byte, and what is read back.</summary>
internal static class TarSamples
{
    /// <summary>A header block with a right checksum; fields at offsets are put in as they are.</summary>
    public static byte[] Header(string name, char type, string size = "00000000000", params (int Offset, byte[] Bytes)[] fields)
    {
        var block = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(block, 0);
        Put(block, 100, "0000644");
        Put(block, 108, "0000000");
        Put(block, 116, "0000000");
        Put(block, 124, size);
        Put(block, 136, "00000000000");
        block[156] = (byte)type;
        Put(block, 257, "ustar");
        Put(block, 263, "00");
        foreach ((int offset, byte[] bytes) in fields) bytes.CopyTo(block, offset);
        return Seal(block);
    }

    public static byte[] Seal(byte[] block)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        Put(block, 148, Convert.ToString(block.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
        return block;
    }

    public static byte[] File(string name, string content) =>
        [.. Header(name, '0', Octal(content.Length)), .. Padded(Encoding.UTF8.GetBytes(content))];

    public static byte[] Pax(char type, params string[] records)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(records.Select(Record)));
        return [.. Header("pax", type, Octal(bytes.Length)), .. Padded(bytes)];
    }

    public static byte[] Long(char type, string name) => [.. Header("././@LongLink", type, Octal(name.Length + 1)), .. Padded(Encoding.UTF8.GetBytes(name + "\0"))];

    public static byte[] Tar(params byte[][] parts) => [.. parts.SelectMany(part => part), .. new byte[1024]];

    public static string Octal(long value) => Convert.ToString(value, 8).PadLeft(11, '0');

    public static byte[] Base256(long value, int length)
    {
        var field = new byte[length];
        if (value < 0) field.AsSpan().Fill(0xFF);
        BinaryPrimitives.WriteInt64BigEndian(field.AsSpan(length - 8), value);
        field[0] |= 0x80;
        return field;
    }

    public static async Task<List<(TarEntry Entry, byte[] Content)>> ReadAsync(byte[] tar) => await ReadAsync(new MemoryStream(tar));

    public static async Task<List<(TarEntry Entry, byte[] Content)>> ReadAsync(Stream tar)
    {
        var entries = new List<(TarEntry, byte[])>();
        await using var reader = new TarReader(tar);
        while (await reader.ReadAsync() is { } entry)
        {
            var content = new MemoryStream();
            await reader.Content.CopyToAsync(content);
            entries.Add((entry, content.ToArray()));
        }
        return entries;
    }

    public static async Task<TarEntry> ReadOneAsync(params byte[][] parts) => (await ReadAsync(Tar(parts))).Single().Entry;

    public static async Task<byte[]> WriteAsync(params (TocEntry Entry, byte[]? Content)[] entries)
    {
        var output = new MemoryStream();
        await using var writer = new TarWriter(output, leaveOpen: true);
        foreach ((TocEntry entry, byte[]? content) in entries) await writer.WriteAsync(entry, content is null ? null : new MemoryStream(content));
        await writer.CompleteAsync();
        return output.ToArray();
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 511]];

    private static string Record(string record)
    {
        int length = Encoding.UTF8.GetByteCount(record) + 2;
        int digits = $"{length}".Length;
        if ($"{length + digits}".Length > digits) digits++;
        return $"{length + digits} {record}\n";
    }

    private static void Put(byte[] block, int offset, string text) => Encoding.ASCII.GetBytes(text).CopyTo(block, offset);
}

using System.Buffers;

namespace ImageKit.Oci;

/// <summary>Makes the header blocks of entries: ustar, with a PAX header before where ustar cannot say it. Not for several threads.</summary>
internal sealed class TarEncoder
{
    private const int NameLength = 100, PrefixLength = 155;

    private readonly ArrayBufferWriter<byte> _output = new(2048);
    private readonly ArrayBufferWriter<byte> _records = new(1024);
    private readonly PaxEncoder _pax = new();
    private readonly byte[] _block = new byte[TarBlock.Size];
    private byte[] _text = new byte[1024];

    /// <summary>The two empty blocks that end a tar; also what fills up content to whole blocks.</summary>
    public static ReadOnlyMemory<byte> Zeros { get; } = new byte[2 * TarBlock.Size];

    /// <summary>All blocks that stand before the entry's content. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(TocEntry entry)
    {
        _output.ResetWrittenCount();
        _pax.Clear();
        _block.AsSpan().Clear();
        PutName(entry);
        PutLink(entry);
        PutFields(entry);
        foreach (Xattr xattr in entry.Xattrs) _pax.Add("SCHILY.xattr." + xattr.Name, xattr.Value.AsSpan());
        if (!_pax.IsEmpty) WritePax();
        Seal(_block);
        _output.Write(_block);
        return _output.WrittenMemory;
    }

    private void PutName(TocEntry entry)
    {
        string name = entry.Kind != EntryKind.Directory ? entry.Path : entry.Path.Length == 0 ? "./" : entry.Path + "/";
        ReadOnlySpan<byte> bytes = Bytes(name);
        if (bytes.ContainsAnyExceptInRange((byte)1, (byte)0x7F) || !TryPutSplit(bytes))
        {
            _pax.Add("path", bytes);
            PutAscii(bytes, _block.AsSpan()[TarBlock.Name]);
            NoteCharacterSet(bytes);
        }
    }

    private bool TryPutSplit(ReadOnlySpan<byte> name)
    {
        if (name.Length <= NameLength)
        {
            name.CopyTo(_block);
            return true;
        }
        // The last slash that leaves a name short enough, as all writers choose; a directory's final slash is no place to split.
        int from = Math.Max(name.Length - NameLength - 1, 1);
        int slash = name[from..Math.Max(name.Length - 1, from)].IndexOf((byte)'/');
        if (slash < 0 || from + slash > PrefixLength) return false;
        name[..(from + slash)].CopyTo(_block.AsSpan()[TarBlock.Prefix]);
        name[(from + slash + 1)..].CopyTo(_block);
        return true;
    }

    private void PutLink(TocEntry entry)
    {
        if (entry.LinkTarget is not { } target || entry.Kind is not (EntryKind.Symlink or EntryKind.Hardlink)) return;
        ReadOnlySpan<byte> bytes = Bytes(target);
        if (bytes.Length > NameLength || bytes.ContainsAnyExceptInRange((byte)1, (byte)0x7F))
        {
            _pax.Add("linkpath", bytes);
            NoteCharacterSet(bytes);
        }
        PutAscii(bytes, _block.AsSpan()[TarBlock.LinkName]);
    }

    private void PutFields(TocEntry entry)
    {
        Span<byte> block = _block;
        TarNumber.TryWriteOctal(entry.Mode & 0xFFF, block[TarBlock.Mode]);
        PutNumber("uid", entry.Uid, block[TarBlock.Uid]);
        PutNumber("gid", entry.Gid, block[TarBlock.Gid]);
        PutNumber("size", entry.Kind == EntryKind.File ? entry.Size : 0, block[TarBlock.Length]);
        if (!TarNumber.TryWriteOctal(entry.MtimeSeconds, block[TarBlock.Mtime]) | entry.MtimeNanoseconds != 0)
            _pax.Add("mtime", TarNumber.TimeText(entry.MtimeSeconds, entry.MtimeNanoseconds));
        block[TarBlock.Type] = TypeOf(entry.Kind);
        bool device = entry.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice;
        PutDevice(entry, device ? entry.DeviceMajor : 0, block[TarBlock.DeviceMajor]);
        PutDevice(entry, device ? entry.DeviceMinor : 0, block[TarBlock.DeviceMinor]);
    }

    private void PutNumber(string name, long value, Span<byte> field)
    {
        if (TarNumber.TryWriteOctal(value, field)) return;
        _pax.Add(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        TarNumber.TryWriteOctal(0, field);
    }

    private static void PutDevice(TocEntry entry, uint number, Span<byte> field)
    {
        if (!TarNumber.TryWriteOctal(number, field))
            throw TarFaults.TooMuch($"The device number {number} of '{entry.Path}' does not fit into a tar."); // no kernel has such numbers
    }

    private static byte TypeOf(EntryKind kind) => kind switch
    {
        EntryKind.File => (byte)'0',
        EntryKind.Hardlink => (byte)'1',
        EntryKind.Symlink => (byte)'2',
        EntryKind.CharacterDevice => (byte)'3',
        EntryKind.BlockDevice => (byte)'4',
        EntryKind.Directory => (byte)'5',
        EntryKind.Fifo => (byte)'6',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of entry."),
    };

    // The PAX header's own fields are the same for all entries: other writers put a process id here, which makes two runs differ.
    private void WritePax()
    {
        _records.ResetWrittenCount();
        _pax.WriteTo(_records);
        Span<byte> header = stackalloc byte[TarBlock.Size];
        header.Clear();
        "PaxHeaders/entry"u8.CopyTo(header);
        TarNumber.TryWriteOctal(0x1A4, header[TarBlock.Mode]); // octal 644
        TarNumber.TryWriteOctal(0, header[TarBlock.Uid]);
        TarNumber.TryWriteOctal(0, header[TarBlock.Gid]);
        TarNumber.TryWriteOctal(_records.WrittenCount, header[TarBlock.Length]);
        TarNumber.TryWriteOctal(0, header[TarBlock.Mtime]);
        header[TarBlock.Type] = (byte)'x';
        Seal(header);
        _output.Write(header);
        _output.Write(_records.WrittenSpan);
        int padding = TarBlock.Padding(_records.WrittenCount);
        _output.GetSpan(padding + 1)[..padding].Clear();
        _output.Advance(padding);
    }

    private static void Seal(Span<byte> block)
    {
        "ustar\000"u8.CopyTo(block[TarBlock.Magic]);
        TarNumber.TryWriteOctal(TarBlock.Sum(block).Unsigned, block[TarBlock.Checksum][..7]);
        block[TarBlock.Checksum][7] = (byte)' ';
    }

    private void NoteCharacterSet(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) _pax.Add("hdrcharset", "BINARY");
    }

    // For readers that know no PAX: as much of the name as they can take.
    private static void PutAscii(ReadOnlySpan<byte> name, Span<byte> field)
    {
        int length = 0;
        foreach (byte c in name)
            if (c is > 0 and < 0x80 && length < field.Length) field[length++] = c;
    }

    private ReadOnlySpan<byte> Bytes(string text)
    {
        if (_text.Length < text.Length * 3) _text = new byte[text.Length * 3];
        return _text.AsSpan(0, TarText.Encode(text, _text));
    }
}

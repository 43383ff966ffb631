using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>One header block, together with what PAX records and GNU's long names said before it.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block, TarExtensions extensions, long offset)
{
    private readonly ReadOnlySpan<byte> _block = block;

    public byte Type => _block[TarBlock.Type];

    /// <summary>Bytes that follow the header, as the header itself says.</summary>
    public long OwnLength => Number(TarBlock.Length, "size") is >= 0 and var length ? length : throw TarFaults.Broken(offset, "A size is negative.");

    private bool IsGnu => _block[TarBlock.Magic].SequenceEqual("ustar  \0"u8);

    private bool IsUstar => !IsGnu && _block[TarBlock.Magic].StartsWith("ustar"u8);

    private bool IsStar => IsUstar && _block[508..].SequenceEqual("tar\0"u8);

    /// <summary>Refuses what is no header.</summary>
    public void CheckSum()
    {
        (int unsigned, int signed) = TarBlock.Sum(_block);
        if (!TarNumber.TryRead(_block[TarBlock.Checksum], out long said) || (said != unsigned && said != signed))
            throw TarFaults.Broken(offset, "A header's checksum is wrong.");
    }

    /// <summary>The entry without its content's place, which the caller knows.</summary>
    /// <exception cref="ContentException">A number is broken (IK1201), or the kind is not known (IK1206).</exception>
    public TarEntry Parse()
    {
        string name = extensions.Pax.LocalText("GNU.sparse.name") ?? extensions.Pax.LocalText("path") ?? extensions.LongName ?? OwnName();
        EntryKind kind = KindOf(name);
        bool device = kind is EntryKind.CharacterDevice or EntryKind.BlockDevice, link = kind is EntryKind.Symlink or EntryKind.Hardlink;
        (long seconds, int nanoseconds) = Mtime();
        return new()
        {
            Name = name,
            Kind = kind,
            LinkName = link ? extensions.Pax.LocalText("linkpath") ?? extensions.LongLink ?? Text(TarBlock.LinkName) : null,
            Mode = (int)(Number(TarBlock.Mode, "mode") & 0xFFF),
            Uid = Small(extensions.Pax.Number("uid", offset) ?? Number(TarBlock.Uid, "owner"), "owner"),
            Gid = Small(extensions.Pax.Number("gid", offset) ?? Number(TarBlock.Gid, "group"), "group"),
            UserName = extensions.Pax.Text("uname") ?? (IsGnu || IsUstar ? Text(TarBlock.UserName) : ""),
            GroupName = extensions.Pax.Text("gname") ?? (IsGnu || IsUstar ? Text(TarBlock.GroupName) : ""),
            MtimeSeconds = seconds,
            MtimeNanoseconds = nanoseconds,
            Xattrs = extensions.Pax.Xattrs(offset),
            DeviceMajor = device ? Small(Number(TarBlock.DeviceMajor, "device"), "device") : 0,
            DeviceMinor = device ? Small(Number(TarBlock.DeviceMinor, "device"), "device") : 0,
        };
    }

    /// <summary>Bytes of content in the tar. Only files have any: like Go's reader, which made most images, other kinds' sizes are ignored.</summary>
    public long StoredLength(EntryKind kind)
    {
        if (kind != EntryKind.File && Type != (byte)'D') return 0;
        long length = extensions.Pax.LocalNumber("size", offset) ?? OwnLength;
        return length >= 0 ? length : throw TarFaults.Broken(offset, "A size is negative.");
    }

    /// <summary>The size with holes filled that GNU's old sparse form gives.</summary>
    public long GnuRealSize => Number(TarBlock.GnuRealSize, "size");

    private EntryKind KindOf(string name) => Type switch
    {
        0 when name.EndsWith('/') => EntryKind.Directory, // as V7 wrote them
        (byte)'0' when name.EndsWith('/') && OwnLength == 0 => EntryKind.Directory,
        0 or (byte)'0' or (byte)'7' or (byte)'S' => EntryKind.File,
        (byte)'1' => EntryKind.Hardlink,
        (byte)'2' => EntryKind.Symlink,
        (byte)'3' => EntryKind.CharacterDevice,
        (byte)'4' => EntryKind.BlockDevice,
        (byte)'5' or (byte)'D' => EntryKind.Directory,
        (byte)'6' => EntryKind.Fifo,
        _ => throw TarFaults.UnknownKind(name, Type),
    };

    private string OwnName()
    {
        string name = Text(TarBlock.Name);
        if (!IsUstar) return name;
        ReadOnlySpan<byte> prefix = _block[TarBlock.Prefix];
        string before = Text(IsStar ? prefix[..131] : prefix); // star has times behind a shorter prefix
        return before.Length == 0 ? name : $"{before}/{name}";
    }

    private (long Seconds, int Nanoseconds) Mtime()
    {
        if (extensions.Pax.Text("mtime") is not { } text) return (Number(TarBlock.Mtime, "time"), 0);
        return TarNumber.TryReadTime(text, out long seconds, out int nanoseconds) ? (seconds, nanoseconds) : throw TarFaults.Broken(offset, "A time is no number.");
    }

    private long Number(Range field, string what) =>
        TarNumber.TryRead(_block[field], out long value) ? value : throw TarFaults.Broken(offset, $"The {what} of an entry is no number.");

    private uint Small(long value, string what) =>
        value is >= 0 and <= uint.MaxValue ? (uint)value : throw TarFaults.Broken(offset, $"The {what} {value} of an entry is impossible.");

    private string Text(Range field) => Text(_block[field]);

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return TarText.Decode(end < 0 ? field : field[..end]);
    }
}

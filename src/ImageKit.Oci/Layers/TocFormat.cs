using System.Collections.Immutable;
using System.IO.Hashing;

namespace ImageKit.Oci;

/// <summary>
/// A table of contents as a file: magic with version, XxHash128 of the rest (so that a torn file is seen), then the entries, each path as
/// the length it shares with the one before and the rest.
/// </summary>
internal static class TocFormat
{
    private const int ChecksumLength = 16;
    private const byte KindBits = 0x07, HasXattrs = 0x08, IsSparse = 0x10, HasHash = 0x20, HasNanoseconds = 0x40;

    private static ReadOnlySpan<byte> Magic => "IKTOC\0\0\x01"u8; // the last byte is the version

    public static byte[] Write(TableOfContents toc)
    {
        var writer = new TocWriter();
        writer.Text(toc.DiffId.ToString());
        writer.Signed(toc.TarSize);
        writer.Number((ulong)toc.Entries.Length);
        string previous = "";
        foreach (TocEntry entry in toc.Entries)
        {
            WriteEntry(writer, entry, previous);
            previous = entry.Path;
        }
        var file = new byte[Magic.Length + ChecksumLength + writer.Written.Length];
        Magic.CopyTo(file);
        XxHash128.Hash(writer.Written, file.AsSpan(Magic.Length));
        writer.Written.CopyTo(file.AsSpan(Magic.Length + ChecksumLength));
        return file;
    }

    /// <summary>Null if the bytes are not exactly what <see cref="Write"/> makes.</summary>
    public static TableOfContents? Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic) || file.Length < Magic.Length + ChecksumLength) return null;
        ReadOnlySpan<byte> payload = file[(Magic.Length + ChecksumLength)..];
        if (!XxHash128.Hash(payload).AsSpan().SequenceEqual(file.Slice(Magic.Length, ChecksumLength))) return null;
        try
        {
            var reader = new TocReader(payload);
            if (!Digest.TryParse(reader.Text(), out Digest diffId)) return null;
            long tarSize = reader.Signed();
            return new(diffId, tarSize, ReadEntries(ref reader));
        }
        catch (InvalidDataException) // a right checksum over wrong bytes: another program wrote it
        {
            return null;
        }
    }

    private static void WriteEntry(TocWriter writer, TocEntry entry, string previous)
    {
        bool sparse = !entry.Sparse.IsDefault;
        writer.Byte((byte)((byte)entry.Kind | (entry.Xattrs.IsEmpty ? 0 : HasXattrs) | (sparse ? IsSparse : 0)
            | (entry.ContentHash.IsDefault ? 0 : HasHash) | (entry.MtimeNanoseconds == 0 ? 0 : HasNanoseconds)));
        int shared = SharedLength(previous, entry.Path);
        writer.Number((ulong)shared);
        writer.Text(entry.Path.AsSpan(shared));
        writer.Number((ulong)entry.Mode);
        writer.Number(entry.Uid);
        writer.Number(entry.Gid);
        writer.Signed(entry.MtimeSeconds);
        if (entry.MtimeNanoseconds != 0) writer.Number((ulong)entry.MtimeNanoseconds);
        WriteKind(writer, entry);
        if (!entry.ContentHash.IsDefault) writer.Hash(entry.ContentHash);
        if (!entry.Xattrs.IsEmpty) WriteXattrs(writer, entry.Xattrs);
        if (sparse) WriteSparse(writer, entry.Sparse);
    }

    private static void WriteKind(TocWriter writer, TocEntry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.File:
                writer.Signed(entry.Size);
                writer.Signed(entry.Offset);
                break;
            case EntryKind.Symlink or EntryKind.Hardlink:
                writer.Text(entry.LinkTarget);
                break;
            case EntryKind.CharacterDevice or EntryKind.BlockDevice:
                writer.Number(entry.DeviceMajor);
                writer.Number(entry.DeviceMinor);
                break;
        }
    }

    private static void WriteXattrs(TocWriter writer, ImmutableArray<Xattr> xattrs)
    {
        writer.Number((ulong)xattrs.Length);
        foreach (Xattr xattr in xattrs)
        {
            writer.Text(xattr.Name);
            writer.Bytes(xattr.Value.AsSpan());
        }
    }

    private static void WriteSparse(TocWriter writer, ImmutableArray<SparseSpan> spans)
    {
        writer.Number((ulong)spans.Length);
        foreach (SparseSpan span in spans)
        {
            writer.Signed(span.Offset);
            writer.Signed(span.Length);
        }
    }

    private static ImmutableArray<TocEntry> ReadEntries(ref TocReader reader)
    {
        int count = reader.Count();
        ImmutableArray<TocEntry>.Builder entries = ImmutableArray.CreateBuilder<TocEntry>(count);
        string previous = "";
        for (int i = 0; i < count; i++)
        {
            TocEntry entry = ReadEntry(ref reader, previous);
            entries.Add(entry);
            previous = entry.Path;
        }
        return entries.MoveToImmutable();
    }

    private static TocEntry ReadEntry(ref TocReader reader, string previous)
    {
        byte flags = reader.Byte();
        var kind = (EntryKind)(flags & KindBits);
        string path = ReadPath(ref reader, previous);
        int mode = (int)reader.Number();
        uint uid = (uint)reader.Number(), gid = (uint)reader.Number();
        long mtime = reader.Signed();
        int nanoseconds = (flags & HasNanoseconds) != 0 ? (int)reader.Number() : 0;
        long size = kind == EntryKind.File ? reader.Signed() : 0, offset = kind == EntryKind.File ? reader.Signed() : 0;
        string? target = kind is EntryKind.Symlink or EntryKind.Hardlink ? reader.Text() : null;
        bool device = kind is EntryKind.CharacterDevice or EntryKind.BlockDevice;
        uint major = device ? (uint)reader.Number() : 0, minor = device ? (uint)reader.Number() : 0;
        return new()
        {
            Path = path,
            Kind = kind,
            Mode = mode,
            Uid = uid,
            Gid = gid,
            MtimeSeconds = mtime,
            MtimeNanoseconds = nanoseconds,
            Size = size,
            Offset = offset,
            LinkTarget = target,
            DeviceMajor = major,
            DeviceMinor = minor,
            ContentHash = (flags & HasHash) != 0 ? reader.Hash() : default,
            Xattrs = (flags & HasXattrs) != 0 ? ReadXattrs(ref reader) : [],
            Sparse = (flags & IsSparse) != 0 ? ReadSparse(ref reader) : default,
        };
    }

    private static string ReadPath(ref TocReader reader, string previous)
    {
        ulong shared = reader.Number();
        if (shared > (ulong)previous.Length) throw new InvalidDataException();
        return reader.Text(previous.AsSpan(0, (int)shared));
    }

    private static ImmutableArray<Xattr> ReadXattrs(ref TocReader reader)
    {
        var xattrs = new Xattr[reader.Count()];
        for (int i = 0; i < xattrs.Length; i++) xattrs[i] = new(reader.Text(), [.. reader.Bytes()]);
        return ImmutableArray.Create(xattrs);
    }

    private static ImmutableArray<SparseSpan> ReadSparse(ref TocReader reader)
    {
        var spans = new SparseSpan[reader.Count()];
        for (int i = 0; i < spans.Length; i++) spans[i] = new(reader.Signed(), reader.Signed());
        return ImmutableArray.Create(spans);
    }

    // Never ends between the halves of a surrogate pair, as each part is encoded by itself.
    private static int SharedLength(string previous, string path)
    {
        int shared = previous.AsSpan().CommonPrefixLength(path);
        return shared > 0 && char.IsHighSurrogate(path[shared - 1]) ? shared - 1 : shared;
    }
}

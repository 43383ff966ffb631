using System.Buffers;
using System.Buffers.Binary;

namespace ImageKit.Oci;

/// <summary>
/// The content key of a node, version 1: the SHA-256 of a record that says what the node is and what is in it, without any time, any
/// layer's digest and the node's own name (its parent's record has that). Two trees have one key exactly if a program that
/// looks at no times could not tell them apart, hard links aside, which count as the files they are.
/// </summary>
/// <remarks>
/// The record, all numbers little-endian, every text and byte string preceded by its length as 4 bytes, text in the bytes of the tar:
/// the ASCII text `imagekit.tree/1` and a zero byte; the kind as 1 byte (<see cref="EntryKind"/>); mode, uid, gid, device's major and minor number as 4 bytes
/// each; a symbolic link's text, else an empty one; the number of extended attributes as 4 bytes, and for each, sorted by name, its
/// name and value; for a file its size as 8 bytes and the SHA-256 of its bytes as 32; for a directory the number of children as 4 bytes, and for each,
/// sorted by name (ordinally by UTF-16 unit), its name and its key as 32 bytes.
/// </remarks>
public static class TreeKey
{
    private static readonly Hash256 OfNothing = Hash256.Of([]);

    internal static bool HasHash(TocEntry entry) => entry.Kind != EntryKind.File || entry.Size == 0 || !entry.ContentHash.IsDefault;

    internal static Hash256 Of(TreeNode node)
    {
        var record = new ArrayBufferWriter<byte>(128 + (node.Children.Length * 64));
        WriteEntry(record, node.Entry);
        if (node.IsDirectory)
        {
            Write(record, (uint)node.Children.Length);
            foreach (TreeNode child in node.Children)
            {
                Write(record, TarText.Encode(child.Name));
                Write(record, child.Key);
            }
        }
        return Hash256.Of(record.WrittenSpan);
    }

    private static void WriteEntry(ArrayBufferWriter<byte> record, TocEntry entry)
    {
        record.Write("imagekit.tree/1\0"u8);
        record.Write([(byte)entry.Kind]);
        Write(record, (uint)entry.Mode);
        Write(record, entry.Uid);
        Write(record, entry.Gid);
        Write(record, entry.DeviceMajor);
        Write(record, entry.DeviceMinor);
        Write(record, entry.Kind == EntryKind.Symlink ? TarText.Encode(entry.LinkTarget ?? "") : []);
        Write(record, (uint)entry.Xattrs.Length);
        foreach (Xattr xattr in entry.Xattrs)
        {
            Write(record, TarText.Encode(xattr.Name));
            Write(record, xattr.Value.AsSpan());
        }
        if (entry.Kind == EntryKind.File) WriteContent(record, entry);
    }

    private static void WriteContent(ArrayBufferWriter<byte> record, TocEntry entry)
    {
        if (!HasHash(entry)) throw new InvalidOperationException($"The hash of '{entry.Path}' is not known yet.");
        BinaryPrimitives.WriteInt64LittleEndian(record.GetSpan(8), entry.Size);
        record.Advance(8);
        Write(record, entry.Size == 0 ? OfNothing : entry.ContentHash);
    }

    private static void Write(ArrayBufferWriter<byte> record, Hash256 hash)
    {
        hash.CopyTo(record.GetSpan(Hash256.Length));
        record.Advance(Hash256.Length);
    }

    private static void Write(ArrayBufferWriter<byte> record, uint number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record.GetSpan(4), number);
        record.Advance(4);
    }

    private static void Write(ArrayBufferWriter<byte> record, ReadOnlySpan<byte> text)
    {
        Write(record, (uint)text.Length);
        record.Write(text);
    }
}

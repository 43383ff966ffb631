using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageKit.Contexts;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>The content key of what COPY selected: paths below the sources, types, modes, ids, links, attributes and bytes; no times.</summary>
internal static class SelectionKey
{
    /// <summary>Writes one part a source; false if the bytes of a file are not known yet.</summary>
    public static bool TryWrite(KeyWriter key, List<CopyRoot> roots)
    {
        foreach (CopyRoot root in roots)
        {
            if (Of(root, contents: true) is not { } content) return false;
            key.Text("source", NameOf(root)).Content("content", content);
        }
        return true;
    }

    /// <summary>Writes what can be known of the sources without reading a file: all but the bytes.</summary>
    public static void WriteShape(KeyWriter key, List<CopyRoot> roots)
    {
        foreach (CopyRoot root in roots) key.Text("source", NameOf(root)).Content("shape", Of(root, contents: false)!.Value);
    }

    /// <summary>Takes over the hashes of files that a layer was written from, so that the key can be known.</summary>
    public static void Learn(List<LayerItem> items, TableOfContents toc)
    {
        for (int i = 0; i < items.Count; i++)
            if (items[i].Origin is IHashMemo memo && items[i].SourceEntry.ContentHash.IsDefault) memo.Learn(items[i].SourceEntry, toc.Entries[i].ContentHash);
    }

    /// <summary>Whether some files are not known, and they are but a small part of all.</summary>
    public static bool IsMostlyKnown(List<CopyRoot> roots)
    {
        long all = 0, unknown = 0;
        foreach (CopyRoot root in roots)
            foreach (CopyEntry entry in root.Entries)
            {
                if (entry.Node.Entry.Kind != EntryKind.File) continue;
                all += entry.Node.Entry.Size;
                if (!TryContent(entry.Node, out _)) unknown += entry.Node.Entry.Size;
            }
        return unknown > 0 && unknown <= all / 4;
    }

    /// <summary>Reads the files whose hashes are not known, some at a time.</summary>
    public static Task HashFilesAsync(IEnumerable<TreeNode> nodes, CancellationToken cancel)
    {
        IEnumerable<TreeNode> unread = nodes.Where(node => node.Entry.Kind == EntryKind.File && node.Origin is IHashMemo && !TryContent(node, out _));
        return Parallel.ForEachAsync(unread, cancel, async (node, token) =>
        {
            Stream content = await node.Origin!.OpenAsync(node.SourceEntry, token).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                ((IHashMemo)node.Origin).Learn(node.SourceEntry, new Hash256(await SHA256.HashDataAsync(content, token).ConfigureAwait(false)));
        });
    }

    // A directory's own name does not reach the image. A file's may: whether the target is a directory only the base's tree knows,
    // and reading that for every hit would cost more than a miss after a renaming does.
    private static string NameOf(CopyRoot root) => root.IsDirectory && !root.KeepsPath ? "" : root.Name;

    private static Hash256? Of(CopyRoot root, bool contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CopyEntry entry in root.Parents) Append(hash, "/" + entry.Path, entry.Node.Entry, default);
        foreach (CopyEntry entry in root.Entries)
        {
            Hash256 content = default;
            if (contents && entry.Node.Entry.Kind == EntryKind.File && !TryContent(entry.Node, out content)) return null;
            Append(hash, entry.Path, entry.Node.Entry, content);
        }
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        return new Hash256(bytes);
    }

    private static bool TryContent(TreeNode node, out Hash256 content)
    {
        content = node.Entry.ContentHash;
        if (content.IsDefault && node.Origin is IHashMemo memo) content = memo.Find(node.SourceEntry);
        return !content.IsDefault;
    }

    private static void Append(IncrementalHash hash, string path, TocEntry entry, Hash256 content)
    {
        Text(hash, path);
        Span<byte> fixedPart = stackalloc byte[1 + 4 * 5 + 8 + 32];
        fixedPart[0] = (byte)entry.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart[1..], entry.Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[5..], entry.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[9..], entry.Gid);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[13..], entry.DeviceMajor);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[17..], entry.DeviceMinor);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[21..], entry.Size);
        content.CopyTo(fixedPart[29..]);
        hash.AppendData(fixedPart);
        Text(hash, entry.LinkTarget ?? "");
        foreach (Xattr attribute in entry.Xattrs)
        {
            Text(hash, attribute.Name);
            Text(hash, Convert.ToHexString(attribute.Value.AsSpan()));
        }
    }

    private static void Text(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

using System.Collections.Immutable;
using System.Text;
using ImageKit.Oci;

namespace ImageKit.Contexts;

/// <summary>What was learnt of one file.</summary>
/// <param name="Stamp">The file's stamp then.</param>
/// <param name="Hash">The SHA-256 of its bytes.</param>
/// <param name="Xattrs">Its extended attributes.</param>
internal readonly record struct KnownFile(FileStamp Stamp, Hash256 Hash, ImmutableArray<Xattr> Xattrs);

/// <summary>Remembers the hashes of a directory's files in one file on disk. A memo: lost or broken, it costs time alone.</summary>
internal static class StatMemo
{
    private const uint Magic = 0x314D534B; // KSM1

    public static Dictionary<string, KnownFile> Load(string path)
    {
        Dictionary<string, KnownFile> known = new(StringComparer.Ordinal);
        try
        {
            if (!File.Exists(path)) return known;
            using BinaryReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 256 * 1024), Encoding.UTF8);
            if (reader.ReadUInt32() != Magic) return known;
            int count = reader.ReadInt32();
            known.EnsureCapacity(count);
            byte[] hash = new byte[Hash256.Length];
            string directory = "";
            for (int i = 0; i < count; i++)
            {
                bool same = reader.ReadBoolean();
                if (!same) directory = ReadText(reader);
                string name = ReadText(reader);
                FileStamp stamp = new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadUInt64());
                reader.BaseStream.ReadExactly(hash);
                known[directory.Length == 0 ? name : $"{directory}/{name}"] = new(stamp, new Hash256(hash), ReadXattrs(reader));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) // torn or foreign
        {
            known.Clear();
        }
        return known;
    }

    public static void Save(string path, IEnumerable<KeyValuePair<string, KnownFile>> known)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        using (BinaryWriter writer = new(File.Create(temporary, 256 * 1024), Encoding.UTF8))
        {
            writer.Write(Magic);
            int count = 0;
            writer.Write(count); // filled in at the end
            byte[] hash = new byte[Hash256.Length];
            string? directory = null;
            foreach ((string file, KnownFile value) in known)
            {
                int slash = file.LastIndexOf('/');
                string parent = slash < 0 ? "" : file[..slash];
                writer.Write(parent == directory);
                if (parent != directory) WriteText(writer, directory = parent);
                WriteText(writer, file[(slash + 1)..]);
                writer.Write(value.Stamp.Size);
                writer.Write(value.Stamp.MtimeSeconds);
                writer.Write(value.Stamp.MtimeNanoseconds);
                writer.Write(value.Stamp.CtimeSeconds);
                writer.Write(value.Stamp.CtimeNanoseconds);
                writer.Write(value.Stamp.Inode);
                value.Hash.CopyTo(hash);
                writer.Write(hash);
                WriteXattrs(writer, value.Xattrs);
                count++;
            }
            writer.Seek(sizeof(uint), SeekOrigin.Begin);
            writer.Write(count);
        }
        File.Move(temporary, path, overwrite: true);
    }

    // Names that are not UTF-8 hold single surrogates, which no encoding carries: the characters are written as they are.
    private static string ReadText(BinaryReader reader)
    {
        int bytes = reader.ReadUInt16();
        return new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(reader.ReadBytes(bytes)));
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan());
        writer.Write((ushort)bytes.Length);
        writer.Write(bytes);
    }

    private static ImmutableArray<Xattr> ReadXattrs(BinaryReader reader)
    {
        int count = reader.ReadByte();
        if (count == 0) return [];
        var attributes = ImmutableArray.CreateBuilder<Xattr>(count);
        for (int i = 0; i < count; i++) attributes.Add(new(ReadText(reader), [.. reader.ReadBytes(reader.ReadInt32())]));
        return attributes.ToImmutable();
    }

    private static void WriteXattrs(BinaryWriter writer, ImmutableArray<Xattr> attributes)
    {
        writer.Write((byte)attributes.Length);
        foreach (Xattr attribute in attributes)
        {
            WriteText(writer, attribute.Name);
            writer.Write(attribute.Value.Length);
            writer.Write(attribute.Value.AsSpan());
        }
    }
}

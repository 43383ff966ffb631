using System.Text;

namespace ImageKit.Oci;

/// <summary>Brings the names of tar entries into the one form that tables of contents use.</summary>
public static class LayerPath
{
    /// <summary>The longest path that is taken, in bytes: Linux's PATH_MAX with its final zero.</summary>
    public const int MaxBytes = 4095;

    private const string WhiteoutPrefix = ".wh.";
    private const int MaxNameBytes = 255; // of a component: NAME_MAX of every Linux file system

    /// <summary>
    /// `./a//b/`, `/a/b` and `a/./b` all become `a/b`; `.` and `/` become the empty path, the root.
    /// </summary>
    /// <exception cref="ContentException">The name holds a `..` component or a zero character, or is too long for any file system (IK1204).</exception>
    public static string Normalize(string name)
    {
        if (name.Contains('\0')) throw Refuse(name, "It holds a zero byte.");
        if (name.Length > MaxBytes / 3 && Encoding.UTF8.GetByteCount(name) > MaxBytes) throw Refuse(name, $"It is longer than {MaxBytes} bytes.");
        if (IsNormal(name)) return name;
        var path = new StringBuilder(name.Length);
        foreach (Range range in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = name.AsSpan()[range];
            if (part is "" or ".") continue;
            Check(name, part);
            if (path.Length > 0) path.Append('/');
            path.Append(part);
        }
        return path.ToString();
    }

    /// <summary>The path of an entry; only directories may be the root.</summary>
    internal static string Of(TarEntry entry)
    {
        string path = Normalize(entry.Name);
        if (path.Length == 0 && entry.Kind != EntryKind.Directory) throw Refuse(entry.Name, "It would replace the root by something that is no directory.");
        if (path.EndsWith(WhiteoutPrefix, StringComparison.Ordinal) && (path.Length == WhiteoutPrefix.Length || path[^(WhiteoutPrefix.Length + 1)] == '/'))
            throw Refuse(entry.Name, "It is a whiteout of nothing.");
        return path;
    }

    /// <summary>The path that a hard link names.</summary>
    internal static string OfLink(TarEntry entry)
    {
        string link = entry.LinkName ?? "";
        if (link.Split('/').Contains("..")) throw Refuse(entry.Name, $"It is a hard link that leads out of the root by '..': '{link}'.");
        string path = Normalize(link);
        return path.Length > 0 ? path : throw Refuse(entry.Name, "It is a hard link to nothing, or to the root.");
    }

    // Nearly all names are clean already: those are returned as they are.
    private static bool IsNormal(string name)
    {
        foreach (Range range in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = name.AsSpan()[range];
            if (part is "" or ".") return name.Length == 0;
            Check(name, part);
        }
        return true;
    }

    private static void Check(string name, ReadOnlySpan<char> part)
    {
        if (part is "..") throw Refuse(name, "It leads out of the root by '..'.");
        if (part.Length > MaxNameBytes / 3 && Encoding.UTF8.GetByteCount(part) > MaxNameBytes)
            throw Refuse(name, $"A part of it is longer than {MaxNameBytes} bytes.");
    }

    private static ContentException Refuse(string name, string why)
    {
        string shown = (name.Length > 200 ? name[..200] + "…" : name).Replace("\0", "\\0", StringComparison.Ordinal);
        return new("IK1204", $"The layer holds an entry with the name '{shown}', which is refused.", why,
            "Make the layer again without this entry; do not use it if you do not know where it comes from.");
    }
}

using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Oci.Tests;

/// <summary>Entries of layers in few words.</summary>
internal static class Items
{
    public static int Octal(string text) => Convert.ToInt32(text, 8);

    public static LayerItem Dir(string path, string mode = "755", uint uid = 0) => new(new TocEntry { Path = path, Kind = EntryKind.Directory, Mode = Octal(mode), Uid = uid, MtimeSeconds = 1000 });

    public static LayerItem File(string path, string text = "", string mode = "644", uint uid = 0, long mtime = 1000, ImmutableArray<Xattr> xattrs = default)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new(new TocEntry { Path = path, Kind = EntryKind.File, Mode = Octal(mode), Uid = uid, Gid = uid, MtimeSeconds = mtime, Size = bytes.Length, ContentHash = Hash256.Of(bytes), Xattrs = xattrs }, new MemoryOrigin(bytes));
    }

    public static LayerItem Link(string path, string target) => new(new TocEntry { Path = path, Kind = EntryKind.Symlink, Mode = 0x1FF, LinkTarget = target, MtimeSeconds = 1000 });

    public static LayerItem Hard(string path, string target) => new(new TocEntry { Path = path, Kind = EntryKind.Hardlink, Mode = 0x1A4, LinkTarget = target, MtimeSeconds = 1000 });

    public static LayerItem Node(string path, EntryKind kind, uint major = 0, uint minor = 0) =>
        new(new TocEntry { Path = path, Kind = kind, Mode = Octal("640"), MtimeSeconds = 1000, DeviceMajor = major, DeviceMinor = minor });

    public static Xattr Xattr(string name, string value) => new(name, [.. Encoding.UTF8.GetBytes(value)]);

    /// <summary>A tar of these entries, names as they stand.</summary>
    public static async Task<MemoryStream> TarAsync(params LayerItem[] items)
    {
        var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (LayerItem item in items)
            {
                Stream? content = item.Origin is null ? null : await item.Origin.OpenAsync(item.SourceEntry, default);
                await writer.WriteAsync(item.Entry, content);
            }
            await writer.CompleteAsync();
        }
        tar.Position = 0;
        return tar;
    }

    /// <summary>Kind and path of each node but the root, such as `d etc`, `f etc/passwd=text of the mode`.</summary>
    public static string[] Lines(Tree tree) => [.. tree.Walk().Skip(1).Select(node => Line(node.Entry))];

    public static string Line(TocEntry entry) => entry.Kind switch
    {
        EntryKind.Directory => $"d {entry.Path}",
        EntryKind.Symlink => $"l {entry.Path} -> {entry.LinkTarget}",
        EntryKind.Hardlink => $"h {entry.Path} => {entry.LinkTarget}",
        EntryKind.File => $"f {entry.Path}",
        _ => $"{entry.Kind} {entry.Path}",
    };

    public static async Task<string> TextAsync(Tree tree, string path)
    {
        TreeNode node = tree.Find(path)!;
        using var reader = new StreamReader(await node.Origin!.OpenAsync(node.SourceEntry, default));
        return await reader.ReadToEndAsync();
    }
}

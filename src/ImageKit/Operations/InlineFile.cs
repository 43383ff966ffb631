using System.Text;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>A file whose content stands in the Dockerfile: a heredoc.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Content">Its content, variables expanded.</param>
internal sealed record InlineFile(string Name, string Content)
{
    /// <summary>The file as a source of COPY: mode 0644, of root.</summary>
    public CopyRoot ToRoot(EntryTime time)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Content);
        TocEntry entry = new() { Path = Name, Kind = EntryKind.File, Mode = 0x1A4, Size = bytes.Length, MtimeSeconds = time.Seconds, ContentHash = Hash256.Of(bytes) };
        TreeNode node = Tree.Of([new LayerItem(entry, new MemoryOrigin(bytes))]).Find(Name)!;
        return new(Name, node, KeepsPath: false, [new("", node)]);
    }
}

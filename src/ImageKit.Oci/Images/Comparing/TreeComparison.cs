using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Compares two merged trees, name by name.</summary>
internal sealed class TreeComparison
{
    private readonly ImmutableArray<FileChange>.Builder _changes = ImmutableArray.CreateBuilder<FileChange>();

    /// <summary>All paths that differ, sorted as directories are walked.</summary>
    public static ImmutableArray<FileChange> Compare(Tree before, Tree after)
    {
        TreeComparison comparison = new();
        comparison.Nodes(before.Root, after.Root);
        return comparison._changes.ToImmutable();
    }

    /// <summary>In what two entries differ.</summary>
    public static FileAspects Aspects(TocEntry before, TocEntry after)
    {
        if (before.Kind != after.Kind) return FileAspects.Kind;
        bool content = before.Kind == EntryKind.File && (before.Size != after.Size || !before.ContentHash.Equals(after.ContentHash));
        bool target = before.LinkTarget != after.LinkTarget || before.DeviceMajor != after.DeviceMajor || before.DeviceMinor != after.DeviceMinor;
        return If(content, FileAspects.Content)
            | If(before.Mode != after.Mode, FileAspects.Mode)
            | If(before.Uid != after.Uid || before.Gid != after.Gid, FileAspects.Owner)
            | If(target, FileAspects.Target)
            | If(!before.Xattrs.AsSpan().SequenceEqual(after.Xattrs.AsSpan()), FileAspects.Xattrs)
            | If(before.MtimeSeconds != after.MtimeSeconds || before.MtimeNanoseconds != after.MtimeNanoseconds, FileAspects.Time);
    }

    private static FileAspects If(bool differs, FileAspects aspect) => differs ? aspect : FileAspects.None;

    private void Nodes(TreeNode before, TreeNode after)
    {
        if (ReferenceEquals(before, after)) return;
        if (Aspects(before.Entry, after.Entry) is not FileAspects.None and var aspects) _changes.Add(new(after.Path, before.Entry, after.Entry, aspects));
        ReadOnlySpan<TreeNode> old = before.Children.AsSpan(), now = after.Children.AsSpan();
        while (!old.IsEmpty || !now.IsEmpty)
        {
            int order = old.IsEmpty ? 1 : now.IsEmpty ? -1 : old[0].NameSpan.CompareTo(now[0].NameSpan, StringComparison.Ordinal);
            if (order == 0) Nodes(old[0], now[0]);
            else foreach (TreeNode node in (order < 0 ? old[0] : now[0]).Walk()) _changes.Add(new(node.Path, order < 0 ? node.Entry : null, order < 0 ? null : node.Entry, FileAspects.None));
            if (order <= 0) old = old[1..];
            if (order >= 0) now = now[1..];
        }
    }
}

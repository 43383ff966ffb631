using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Contexts;

/// <summary>A tar archive that was handed in as the context.</summary>
internal sealed class ArchiveContext : BuildContext
{
    private readonly ArchiveScratch _scratch;

    private ImmutableArray<string> _lost = []; // names that a tree takes for deletions

    private ArchiveContext(ArchiveScratch scratch, Tree all) => (_scratch, All) = (scratch, all);

    public override string Description => "the archive from standard input";

    /// <summary>All of it, the ignored files too: the Dockerfile and the ignore file are among these.</summary>
    public Tree All { get; }

    /// <summary>Takes an archive in; null if the stream is none.</summary>
    public static async Task<ArchiveContext?> TryReadAsync(TreeNode file, string scratch, CancellationToken cancel)
    {
        ArchiveScratch archives = new(scratch);
        if (await archives.TryOpenAsync(file, cancel).ConfigureAwait(false) is { } members)
        {
            // Owners of the machine that packed it are no part of the context.
            Tree all = Tree.Of(members.Where(member => member.Entry.Path.Length > 0)
                .Select(member => new LayerItem(member.Entry with { Uid = 0, Gid = 0 }, member.Origin, member.Entry)));
            return new(archives, all) { _lost = [.. members.Select(member => member.Entry.Path).Where(WhiteoutName.Is)] };
        }
        archives.Dispose();
        return null;
    }

    public override ValueTask<Tree> GetTreeAsync(CancellationToken cancel)
    {
        foreach (string path in _lost)
            if (!Ignore.IsIgnored(path, isDirectory: false)) throw WhiteoutName.Refusal(path);
        return ValueTask.FromResult(Ignore.IsEmpty ? All : Tree.Of(Kept(All.Root)));
    }

    public override ValueTask DisposeAsync()
    {
        _scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<LayerItem> Kept(TreeNode directory)
    {
        foreach (TreeNode child in directory.Children)
        {
            bool isDirectory = child.Entry.Kind == EntryKind.Directory;
            bool ignored = Ignore.IsIgnored(child.Entry.Path, isDirectory);
            if (ignored && (!isDirectory || Ignore.CanSkipDirectory(child.Entry.Path))) continue;
            if (!ignored) yield return new(child.Entry, child.Origin, child.SourceEntry);
            if (isDirectory) foreach (LayerItem below in Kept(child)) yield return below;
        }
    }
}

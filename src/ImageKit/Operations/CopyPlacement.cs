using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>Puts what COPY selected in its places in a layer, by Docker's rules of destinations, owners and modes.</summary>
internal sealed class CopyPlacement(LayerDraft draft, Owner? owner, FileModeChange? chmod)
{
    private const int DirectoryMode = 0x1ED; // 0755

    public LayerDraft Draft => draft;

    /// <summary>Whether directories that are made for the destination stay 0755 whatever --chmod says.</summary>
    public bool KeepsMadeMode { get; init; }

    /// <summary>Places all roots.</summary>
    /// <param name="roots">What was selected.</param>
    /// <param name="target">The destination as written, absolute.</param>
    /// <param name="archives">Where archives are unpacked; null if they are copied like other files.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="BuildException">Several sources would become one file (IK4010), or a file and a directory meet (IK4014, IK4015).</exception>
    public async Task PlaceAsync(List<CopyRoot> roots, string target, ArchiveScratch? archives, CancellationToken cancel)
    {
        bool saysDirectory = target.EndsWith('/') || target.EndsWith("/.", StringComparison.Ordinal);
        string path = draft.Resolve(target, followLast: saysDirectory || Leads(target));
        bool isDirectory = saysDirectory || path.Length == 0 || draft.Find(path)?.Kind == EntryKind.Directory;
        if (roots.Count > 1 && !isDirectory) throw new BuildException("IK4010", $"{roots.Count} sources would all become '{target}'.",
            "With more than one source the destination has to be a directory.", $"Write '{target}/'.");
        // A wildcard without a match still makes the directory that is named as one.
        if (saysDirectory) draft.EnsureDirectory(path, owner ?? Owner.Root, MadeMode);
        foreach (CopyRoot root in roots)
        {
            cancel.ThrowIfCancellationRequested();
            if (archives is not null && root.Node is { Entry.Kind: EntryKind.File } && await archives.TryOpenAsync(root.Node, cancel).ConfigureAwait(false) is { } archive)
            {
                draft.EnsureDirectory(path, owner ?? Owner.Root, MadeMode);
                isDirectory = true;
                new ArchivePlacement(draft, path, owner, chmod).Place(archive);
            }
            else if (root.KeepsPath) PlaceWithParents(root, path);
            else if (root.IsDirectory) PlaceContents(root, path);
            else PlaceFile(root, isDirectory ? TreePaths.Join(path, root.Name) : path);
        }
    }

    // An octal --chmod reaches the directories that are made for it, as with BuildKit.
    private int MadeMode => chmod is { IsOctal: true } && !KeepsMadeMode ? chmod.Apply(DirectoryMode, isDirectory: true) : DirectoryMode;

    // A link at the end of the destination is followed to a directory; a link to a file is replaced.
    private bool Leads(string target) => draft.Find(draft.Resolve(target, followLast: true))?.Kind == EntryKind.Directory;

    private void PlaceContents(CopyRoot root, string target)
    {
        TocEntry from = root.Node.Entry;
        bool existed = draft.Find(target) is not null || target.Length == 0;
        draft.EnsureDirectory(target, owner ?? Owner.Root, MadeMode);
        if (target.Length > 0)
        {
            TocEntry own = draft.Find(target)!;
            int mode = existed || chmod is null ? own.Mode : chmod.Apply(own.Mode, isDirectory: true);
            draft.Put(new(own with { Mode = mode, MtimeSeconds = from.MtimeSeconds, MtimeNanoseconds = 0, Offset = 0 }));
        }
        foreach (CopyEntry entry in root.Entries)
            if (entry.Path.Length > 0) Put(entry, TreePaths.Join(target, entry.Path));
    }

    private void PlaceFile(CopyRoot root, string target)
    {
        draft.EnsureDirectory(TreePaths.Parent(target), owner ?? Owner.Root, MadeMode);
        Put(root.Entries[0], target);
    }

    private void PlaceWithParents(CopyRoot root, string target)
    {
        draft.EnsureDirectory(target, owner ?? Owner.Root, MadeMode);
        foreach (CopyEntry parent in root.Parents)
            if (draft.Find(TreePaths.Join(target, parent.Path)) is null) Put(parent, TreePaths.Join(target, parent.Path));
        foreach (CopyEntry entry in root.Entries)
            if (TreePaths.Join(root.Name, entry.Path) is { Length: > 0 } path) Put(entry, TreePaths.Join(target, path));
    }

    private void Put(CopyEntry entry, string path)
    {
        TreeNode node = entry.Node;
        TocEntry original = node.Entry;
        TocEntry own = original with
        {
            Path = path,
            Mode = chmod is null || original.Kind == EntryKind.Symlink ? original.Mode : chmod.Apply(original.Mode, original.Kind == EntryKind.Directory),
            Uid = owner?.Uid ?? original.Uid,
            Gid = owner?.Gid ?? original.Gid,
            MtimeNanoseconds = 0, // whole seconds: not every file system and archive keeps more
            Offset = 0,
        };
        draft.Put(new(own, node.Origin, node.SourceEntry), original.Kind == EntryKind.File ? node.SourceEntry : null);
    }
}

using System.Collections.Immutable;
using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>COPY, and ADD of local files: puts files of another tree into a layer over the base. Touches no root filesystem.</summary>
/// <param name="Base">What is copied onto.</param>
/// <param name="Source">What is copied from.</param>
/// <param name="Sources">What of it, variables expanded.</param>
/// <param name="Target">Where to: an absolute path; with a slash at its end it is a directory.</param>
internal sealed record CopyOperation(Operation Base, Operation Source, ImmutableArray<string> Sources, string Target) : LayerOperation
{
    /// <summary>Files whose content stands in the Dockerfile.</summary>
    public ImmutableArray<InlineFile> Inline { get; init; } = [];

    /// <summary>The value of --chown, expanded; null to keep the owners.</summary>
    public string? Chown { get; init; }

    /// <summary>The value of --chmod; null to keep the modes.</summary>
    public FileModeChange? Chmod { get; init; }

    /// <summary>The text of <see cref="Chmod"/>.</summary>
    public string? ChmodText { get; init; }

    /// <summary>Whether the layer is made without looking at the base (`--link`).</summary>
    public bool Link { get; init; }

    /// <summary>Whether a wildcard has to match something, and directories that are made for the destination stay 0755 whatever --chmod says.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether sources keep their paths (`--parents`).</summary>
    public bool Parents { get; init; }

    /// <summary>Patterns of what is left out (`--exclude`).</summary>
    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>Whether files that are archives are unpacked (ADD).</summary>
    public bool Unpack { get; init; }

    /// <summary>The time of what comes from no file.</summary>
    public EntryTime Time { get; init; }

    /// <summary>Whether the layer will be exported for sure, so that it is compressed while it is written.</summary>
    public LayerCompression? Compression { get; init; }

    public override ImmutableArray<Operation> Inputs => [Base, Source];

    protected internal override async ValueTask<bool> TryWriteKeyAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        await WriteBeginningAsync(key, "copy/1", inputs, cancel).ConfigureAwait(false);
        List<CopyRoot> roots = await SelectAsync(inputs[1], cancel).ConfigureAwait(false);
        // Of an archive the layer holds the members, so that writing it does not hash the archive. And where a few files of many are not
        // known, reading them twice costs less than writing all the others in vain.
        if (Unpack || SelectionKey.IsMostlyKnown(roots)) await SelectionKey.HashFilesAsync(Unpack ? roots.Select(root => root.Node) : Nodes(roots), cancel).ConfigureAwait(false);
        return SelectionKey.TryWrite(key, roots);
    }

    protected internal override async ValueTask<bool> TryWriteShapeAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, CancellationToken cancel)
    {
        List<CopyRoot> roots = await SelectAsync(inputs[1], cancel).ConfigureAwait(false);
        if (Unpack || !Nodes(roots).Any(node => node.Origin is IHashMemo)) return false;
        await WriteBeginningAsync(key, "copy-shape/1", inputs, cancel).ConfigureAwait(false);
        SelectionKey.WriteShape(key, roots);
        return true;
    }

    protected internal override async Task ReadFilesAsync(ImmutableArray<Snapshot> inputs, CancellationToken cancel) =>
        await SelectionKey.HashFilesAsync(Nodes(await SelectAsync(inputs[1], cancel).ConfigureAwait(false)), cancel).ConfigureAwait(false);

    protected internal override async Task<LayerResult> RunAsync(ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        using ArchiveScratch archives = new(context.Scratch);
        List<CopyRoot> roots = await SelectAsync(inputs[1], cancel).ConfigureAwait(false);
        List<LayerItem> items = await PlaceAsync(inputs[0], roots, archives, cancel).ConfigureAwait(false);
        PendingLayer pending = await context.Layers.WriteAsync(items, new LayerWriteOptions { Compression = Compression }, cancel).ConfigureAwait(false);
        SelectionKey.Learn(items, pending.Layer.Toc);
        // A file that a later source of the same name replaced was not written, so it is not known yet.
        await SelectionKey.HashFilesAsync(Nodes(roots), cancel).ConfigureAwait(false);
        return new(pending.Layer.DiffId, pending);
    }

    private async ValueTask WriteBeginningAsync(KeyWriter key, string tag, ImmutableArray<Snapshot> inputs, CancellationToken cancel)
    {
        key.Tag(tag).Text("target", Target).Text("chown", Chown).Text("chmod", ChmodText)
            .Flag("link", Link).Flag("parents", Parents).Flag("unpack", Unpack).Text("time", Time.KeyText);
        if (Strict) key.Flag("strict", true);
        if (!Link) key.Content("base", await inputs[0].GetContentKeyAsync(cancel).ConfigureAwait(false));
    }

    private static IEnumerable<TreeNode> Nodes(List<CopyRoot> roots) => roots.SelectMany(root => root.Entries).Select(entry => entry.Node);

    private async Task<List<LayerItem>> PlaceAsync(Snapshot onto, List<CopyRoot> roots, ArchiveScratch archives, CancellationToken cancel)
    {
        Tree below = Link ? Tree.Empty : await onto.GetTreeAsync(cancel).ConfigureAwait(false);
        Owner? owner = await OwnerAsync(below, cancel).ConfigureAwait(false);
        CopyPlacement placement = new(new LayerDraft(below, Time), owner, Chmod) { KeepsMadeMode = Strict };
        await placement.PlaceAsync(roots, Target, Unpack ? archives : null, cancel).ConfigureAwait(false);
        return placement.Draft.Finish();
    }

    private async ValueTask<List<CopyRoot>> SelectAsync(Snapshot source, CancellationToken cancel)
    {
        IgnorePatterns excludes = Excludes.IsEmpty ? IgnorePatterns.None : IgnorePatterns.Parse(string.Join('\n', Excludes));
        List<CopyRoot> roots = Sources.IsEmpty ? []
            : new CopySelection(await source.GetTreeAsync(cancel).ConfigureAwait(false), excludes, Parents) { Strict = Strict }.Find(Sources);
        roots.AddRange(Inline.Select(file => file.ToRoot(Time)));
        return roots;
    }

    private async ValueTask<Owner?> OwnerAsync(Tree below, CancellationToken cancel)
    {
        if (Chown is null) return null;
        if (Link && !Accounts.IsNumeric(Chown)) throw new BuildException("IK4017", $"--chown={Chown} names a user or group, but --link does not look at the image below.",
            "Names are in the image's /etc/passwd and /etc/group.", "Write the numbers, or leave --link out.");
        Accounts accounts = await Accounts.ReadAsync(below, cancel).ConfigureAwait(false);
        (Owner? owner, string? unknown) = accounts.FindOwner(Chown);
        return owner ?? throw new BuildException("IK4018", $"--chown={Chown}: the image has no {unknown}.",
            "It is not in the image's /etc/passwd or /etc/group.", "Create it in a RUN before, or write its number.");
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>Makes root filesystems out of stacks of layers: by overlayfs, or by copying where it is refused.</summary>
internal sealed class RootStacks(LayerStore store, LayerTrees trees, UnpackedLayers unpacked, KeeperFolder folder, KeeperMode mode)
{
    private readonly OverlayMount _overlay = new(mode);

    // Copies that a run left changed, by the stack that they now are: the next run takes one over instead of copying all again.
    private readonly ConcurrentDictionary<string, CopiedRoot> _copies = new();

    /// <summary>Whether overlayfs works here.</summary>
    public bool HasOverlay { get; private init; } = true;

    /// <summary>Tries overlayfs, and says what if it is refused.</summary>
    public static (RootStacks Stacks, string? Warning) Create(LayerStore store, LayerTrees trees, UnpackedLayers unpacked, KeeperFolder folder, StartMessage start)
    {
        string refused = start.WithoutOverlay ? "as was asked for" : Refusal(folder, start.Mode);
        RootStacks stacks = new(store, trees, unpacked, folder, start.Mode) { HasOverlay = refused.Length == 0 };
        return (stacks, refused.Length == 0 ? null : $"Root filesystems are copied for each RUN, because overlayfs is refused on this file system ({refused}).");
    }

    /// <summary>Makes a root filesystem to run in; it takes its changes along when disposed of.</summary>
    /// <exception cref="ImageKitException">A layer is missing (IK5005) or cannot be unpacked (IK12xx).</exception>
    public async Task<StackedRoot> OpenAsync(ImmutableArray<Digest> layers, CancellationToken cancel)
    {
        if (!HasOverlay) return await CopyAsync(layers, cancel).ConfigureAwait(false);
        ImmutableArray<string> lowers = await unpacked.EnsureAsync(layers, cancel).ConfigureAwait(false);
        Tree tree = await trees.MergeAsync(layers).ConfigureAwait(false);
        return OverlayRoot.Mount(_overlay, lowers, folder, tree.Root.Entry);
    }

    /// <summary>Keeps a copy that is now the stack that a run made.</summary>
    public void Keep(CopiedRoot copy, ImmutableArray<Digest> layers) => copy.IsKept = _copies.TryAdd(Key(layers), copy);

    private async Task<StackedRoot> CopyAsync(ImmutableArray<Digest> layers, CancellationToken cancel)
    {
        if (_copies.TryRemove(Key(layers), out CopiedRoot? kept))
        {
            kept.IsKept = false;
            kept.MarkReady();
            return kept;
        }
        CopiedRoot root = new(folder);
        Directory.CreateDirectory(root.Path);
        RootLooks.Give(root.Path, (await trees.MergeAsync(layers).ConfigureAwait(false)).Root.Entry);
        foreach (Digest diffId in layers)
        {
            FileStream tar = await store.OpenTarAsync(diffId, cancel).ConfigureAwait(false);
            await using (tar.ConfigureAwait(false))
            {
                await LayerUnpacker.UnpackAsync(tar, root.Path, new UnpackOptions { BestEffort = mode != KeeperMode.Root }, cancel).ConfigureAwait(false);
            }
        }
        root.MarkReady();
        return root;
    }

    private static string Key(ImmutableArray<Digest> layers) => string.Join(' ', layers);

    // The words of the kernel, or nothing. A file system without the attributes that overlayfs needs may be refused only when a directory is replaced.
    private static string Refusal(KeeperFolder folder, KeeperMode mode)
    {
        string place = folder.Next(), lower = Path.Combine(place, "lower");
        Directory.CreateDirectory(Path.Combine(lower, "replaced", "gone"));
        TocEntry top = new() { Path = "", Kind = EntryKind.Directory, Mode = 0b111_101_101 };
        try
        {
            OverlayRoot root = OverlayRoot.Mount(new OverlayMount(mode), [lower], folder, top);
            string replaced = Path.Combine(root.Path, "replaced");
            Directory.Delete(replaced, recursive: true);
            Directory.CreateDirectory(replaced);
            bool right = !Directory.EnumerateFileSystemEntries(replaced).Any();
            root.Unmount();
            return right ? "" : "it does not forget replaced directories";
        }
        catch (IOException refused)
        {
            return refused.Message;
        }
        finally
        {
            KeeperFolder.RemoveTree(place);
        }
    }
}

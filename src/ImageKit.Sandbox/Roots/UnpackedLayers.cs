using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>Layers as unpacked directories, for overlayfs: each unpacked once, however many builds want it.</summary>
internal sealed class UnpackedLayers(LayerStore store, LayerTrees trees, KeeperFolder folder, KeeperMode mode)
{
    private const int MostAtOnce = 4;
    private readonly string _dialect = Dialect(mode);

    /// <summary>
    /// The directories of a stack, lowest first. Of a layer that is in it more than once, only the highest: overlayfs takes no directory twice, and
    /// whatever a lower one says the highest says again.
    /// </summary>
    /// <exception cref="ImageKitException">A layer is missing (IK5005) or cannot be unpacked (IK12xx).</exception>
    public async Task<ImmutableArray<string>> EnsureAsync(ImmutableArray<Digest> layers, CancellationToken cancel)
    {
        if (layers.All(layer => UnpackedMark.IsWhole(Directory(layer)))) return Distinct(layers);
        ParallelOptions width = new() { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancel };
        await Parallel.ForAsync(0, layers.Length, width, async (i, stop) => await EnsureAsync(layers, i, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return Distinct(layers);
    }

    /// <summary>Makes a finished upper directory the unpacked form of the layer that was read from it.</summary>
    public async Task AdoptAsync(Digest diffId, string upper, CancellationToken cancel)
    {
        string place = Directory(diffId);
        using FileLock held = await LockAsync(place, cancel).ConfigureAwait(false);
        if (UnpackedMark.IsWhole(place)) return;
        UnpackedMark.RemoveTorn(place);
        UnpackedMark.Publish(upper, place);
    }

    private ImmutableArray<string> Distinct(ImmutableArray<Digest> layers) => [.. layers.Reverse().Distinct().Reverse().Select(Directory)];

    private string Directory(Digest diffId) => store.Paths(diffId).Root(_dialect);

    private async Task EnsureAsync(ImmutableArray<Digest> layers, int index, CancellationToken cancel)
    {
        Digest diffId = layers[index];
        string place = Directory(diffId);
        if (UnpackedMark.IsWhole(place)) return;
        await LayerTrees.FindAsync(store, diffId, cancel).ConfigureAwait(false);
        using FileLock held = await LockAsync(place, cancel).ConfigureAwait(false);
        if (UnpackedMark.IsWhole(place)) return; // another build has just unpacked it
        UnpackedMark.RemoveTorn(place);
        string temporary = folder.Next();
        System.IO.Directory.CreateDirectory(temporary);
        File.SetUnixFileMode(temporary, (UnixFileMode)0b111_101_101);
        UnpackOptions options = new()
        {
            Whiteouts = mode == KeeperMode.Root ? WhiteoutStyle.Trusted : WhiteoutStyle.User,
            BestEffort = mode != KeeperMode.Root,
            Lower = await trees.MergeAsync(layers[..index]).ConfigureAwait(false),
        };
        FileStream tar = await store.OpenTarAsync(diffId, cancel).ConfigureAwait(false);
        await using (tar.ConfigureAwait(false))
        {
            await LayerUnpacker.UnpackAsync(tar, temporary, options, cancel).ConfigureAwait(false);
        }
        UnpackedMark.Publish(temporary, place);
    }

    private static Task<FileLock> LockAsync(string place, CancellationToken cancel)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return FileLock.AcquireAsync(place + ".lock", cancel: cancel);
    }

    // What overlayfs reads as root it does not read in a user namespace, and what ids of one namespace made is another's in the next.
    private static string Dialect(KeeperMode mode)
    {
        if (mode == KeeperMode.Root) return "trusted";
        string maps = File.ReadAllText("/proc/self/uid_map") + File.ReadAllText("/proc/self/gid_map");
        string name = mode == KeeperMode.SingleId ? "single" : "user";
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(maps)))[..12]}");
    }
}

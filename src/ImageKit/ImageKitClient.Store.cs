using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Sandbox;
using ImageKit.Sweeping;

namespace ImageKit;

/// <content>Keeping the store small.</content>
public sealed partial class ImageKitClient
{
    /// <summary>Deletes what no name of the store refers to, the longest unused first; never what a build or transfer that is running may need.</summary>
    public async Task<PruneResult> PruneAsync(PruneOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        using Stores stores = Stores.Open(Home);
        StoreSweep sweep = new(stores, new StoreImages(stores), _options.Time);
        List<SweepItem> items = await sweep.FindAsync(options.All, cancel).ConfigureAwait(false);
        (PruneResult result, ImmutableArray<SweepItem> left) = await sweep.SweepAsync(items, options, cancel).ConfigureAwait(false);
        if (left.IsEmpty || !OperatingSystem.IsLinux()) return result;
        // Unpacked layers of an ordinary user may hold files of subordinate ids, which only a keeper can delete.
        Keeper keeper = await Keeper.StartAsync(new KeeperOptions { Home = Home, Runtime = _options.Runtime, KeeperPath = _options.KeeperPath }, cancel).ConfigureAwait(false);
        await using (keeper.ConfigureAwait(false)) await keeper.RemoveAsync([.. left.Select(item => item.Name)], cancel).ConfigureAwait(false);
        return new(result.Items + left.Length, result.Bytes + left.Sum(item => item.Bytes));
    }

    /// <summary>How much room the store takes.</summary>
    public async Task<DiskUsage> GetDiskUsageAsync(CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        List<SweepItem> items = await new StoreSweep(stores, new StoreImages(stores), _options.Time).FindAsync(all: true, cancel).ConfigureAwait(false);
        return new([Area("images"), Area("layers"), Area("cache"), Area("uploads")]);

        DiskUsageArea Area(string name)
        {
            DirectoryInfo folder = new(Path.Combine(Home, name));
            string inside = folder.FullName + Path.DirectorySeparatorChar;
            long reclaimable = items.Where(item => item.Kind == SweepKind.Blob ? name == "images" : item.Name.StartsWith(inside, StringComparison.Ordinal)).Sum(item => item.Bytes);
            int count = name switch
            {
                "images" => stores.Images.EnumerateBlobs().Count(),
                "layers" => Count(Path.Combine(folder.FullName, "sha256"), "*", SearchOption.TopDirectoryOnly),
                "cache" => Count(stores.Results, "*", SearchOption.AllDirectories),
                _ => 0,
            };
            return new(name, count, DiskSize.Of(folder), reclaimable);
        }
    }

    private static int Count(string folder, string pattern, SearchOption depth) => !Directory.Exists(folder) ? 0
        : depth == SearchOption.TopDirectoryOnly ? Directory.EnumerateDirectories(folder, pattern).Count() : Directory.EnumerateFiles(folder, pattern, depth).Count();
}

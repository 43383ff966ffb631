using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sweeping;

/// <summary>Finds what nothing needs, and takes it away: marked from the tags, swept by age and size, never what is younger than the oldest live lease.</summary>
internal sealed class StoreSweep(Stores stores, StoreImages images, TimeProvider time)
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7); // registries drop unfinished uploads sooner

    /// <summary>All that could go, the longest unused first.</summary>
    /// <param name="all">Whether results of steps and their layers count as well.</param>
    /// <param name="cancel">Stops the work.</param>
    public async Task<List<SweepItem>> FindAsync(bool all, CancellationToken cancel)
    {
        Marks marks = await MarkAsync(cancel).ConfigureAwait(false);
        List<SweepItem> items =
        [
            .. stores.Images.EnumerateBlobs().Where(blob => !marks.Blobs.Contains(blob.Digest))
                .Select(blob => new SweepItem(SweepKind.Blob, blob.Digest.ToString(), blob.Size, blob.LastUsed)),
        ];
        HashSet<string> kept = [];
        foreach (FileInfo result in Files(stores.Results))
        {
            if (all) items.Add(new(SweepKind.File, result.FullName, result.Length, result.LastWriteTimeUtc));
            else if (LayerOf(result.FullName) is { } layer) kept.Add(layer);
        }
        if (all) foreach (string folder in new[] { stores.ContentKeys, stores.Names, stores.Stats })
            items.AddRange(Files(folder).Select(file => new SweepItem(SweepKind.File, file.FullName, file.Length, file.LastWriteTimeUtc)));
        if (all) items.AddRange(Folders(stores.CacheMounts).Select(folder => new SweepItem(SweepKind.Folder, folder.FullName, DiskSize.Of(folder), folder.LastWriteTimeUtc)));
        items.AddRange(Files(stores.Sessions).Where(file => all || time.GetUtcNow() - file.LastWriteTimeUtc > Forgotten)
            .Select(file => new SweepItem(SweepKind.File, file.FullName, file.Length, file.LastWriteTimeUtc)));
        foreach (DirectoryInfo layer in Folders(Path.Combine(stores.Layers.Directory, "sha256")))
            if (!kept.Contains(layer.Name) && (all || !marks.Layers.Contains(layer.Name)))
                items.Add(new(SweepKind.Folder, layer.FullName, DiskSize.Of(layer), LastUse(layer)));
        return [.. items.OrderBy(item => item.LastUsed).ThenBy(item => item.Name, StringComparer.Ordinal)];
    }

    /// <summary>Takes things away, the longest unused first.</summary>
    /// <returns>What is gone, and what only a keeper can delete: it belongs to ids that exist only inside of one.</returns>
    public async Task<(PruneResult Result, ImmutableArray<SweepItem> Left)> SweepAsync(List<SweepItem> items, PruneOptions options, CancellationToken cancel)
    {
        DateTimeOffset age = time.GetUtcNow() - options.OlderThan;
        long left = items.Sum(item => item.Bytes), bytes = 0;
        int count = 0;
        var stubborn = ImmutableArray.CreateBuilder<SweepItem>();
        foreach (SweepItem item in items)
        {
            cancel.ThrowIfCancellationRequested();
            DateTimeOffset limit = Earlier(age, Leases.SweepDead(stores.Home, stores.LeasePath)); // a build may begin meanwhile
            if (item.LastUsed > limit || IsUsedSince(item, limit) || options.KeepBytes > 0 && left <= options.KeepBytes) continue;
            bool? gone = await DeleteAsync(item, limit, cancel).ConfigureAwait(false);
            if (gone is null) stubborn.Add(item);
            if (gone is not true) continue;
            left -= item.Bytes;
            bytes += item.Bytes;
            count++;
        }
        return (new(count, bytes), stubborn.ToImmutable());
    }

    // A hit since the look refreshed its time.
    private static bool IsUsedSince(SweepItem item, DateTimeOffset limit) => item.Kind switch
    {
        SweepKind.File => File.GetLastWriteTimeUtc(item.Name) > limit,
        SweepKind.Folder => LastUse(new DirectoryInfo(item.Name)) > limit,
        _ => false, // the store of images looks itself
    };

    private async Task<bool?> DeleteAsync(SweepItem item, DateTimeOffset limit, CancellationToken cancel)
    {
        if (item.Kind == SweepKind.Blob) return await stores.Images.DeleteAsync(Digest.Parse(item.Name), limit, cancel).ConfigureAwait(false) > 0;
        try
        {
            if (item.Kind == SweepKind.File) File.Delete(item.Name);
            else DirectoryRemoval.Remove(item.Name);
            return true;
        }
        catch (UnauthorizedAccessException) // of subordinate ids
        {
            return null;
        }
        catch (IOException e) // in use, or of subordinate ids
        {
            return e is PosixException { Errno: Errno.EACCES or Errno.EPERM } ? null : false;
        }
    }

    // What the tags reach: blobs of the images, layers by diffID.
    private async Task<Marks> MarkAsync(CancellationToken cancel)
    {
        ImmutableArray<StoredTag> tags = await images.ListAsync(cancel).ConfigureAwait(false);
        Marks marks = new(await ContentReach.FindAsync(stores.Images, tags.Select(tag => tag.Root), cancel).ConfigureAwait(false), []);
        foreach (StoredTag tag in tags)
        {
            foreach (Descriptor descriptor in await images.ManifestsAsync(tag.Root, cancel).ConfigureAwait(false))
            {
                ImageManifest manifest = (await Documents.ReadManifestAsync(stores.Images, descriptor, cancel).ConfigureAwait(false)).Value;
                if (!MediaTypes.IsConfig(manifest.Config.MediaType)) continue;
                ImageConfig config = (await Documents.ReadConfigAsync(stores.Images, manifest.Config, cancel).ConfigureAwait(false)).Value;
                foreach (Digest diffId in config.Rootfs.DiffIds) marks.Layers.Add(diffId.Encoded);
            }
        }
        return marks;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset LastUse(DirectoryInfo layer) =>
        new FileInfo(Path.Combine(layer.FullName, "toc")) is { Exists: true } toc ? toc.LastWriteTimeUtc : layer.LastWriteTimeUtc;

    private static string? LayerOf(string result)
    {
        try
        {
            return File.ReadLines(result).Skip(1).FirstOrDefault() is { } line && Digest.TryParse(line, out Digest digest) ? digest.Encoded : null;
        }
        catch (IOException) // another process deleted it
        {
            return null;
        }
    }

    // Another process may delete files meanwhile: what has no length any more is gone.
    private static IEnumerable<FileInfo> Files(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Exists) : [];

    private static IEnumerable<DirectoryInfo> Folders(string folder) => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateDirectories() : [];

    private sealed record Marks(HashSet<Digest> Blobs, HashSet<string> Layers);
}

/// <summary>Something that could go.</summary>
/// <param name="Kind">How it goes.</param>
/// <param name="Name">Its digest or path.</param>
/// <param name="Bytes">How many bytes it holds.</param>
/// <param name="LastUsed">When it was last used.</param>
internal sealed record SweepItem(SweepKind Kind, string Name, long Bytes, DateTimeOffset LastUsed);

/// <summary>How something is deleted.</summary>
internal enum SweepKind
{
    /// <summary>A blob of the images.</summary>
    Blob,

    /// <summary>A file.</summary>
    File,

    /// <summary>A directory with all in it.</summary>
    Folder,
}

/// <summary>Deletes directories.</summary>
internal static class DirectoryRemoval
{
    /// <summary>Deletes a directory and all in it; links are not followed, and directories that forbid it are opened up.</summary>
    public static void Remove(string path)
    {
        using DirectoryRoot parent = DirectoryRoot.Open(Path.GetDirectoryName(path)!);
        parent.Remove(Path.GetFileName(path));
    }
}

/// <summary>Measures directories.</summary>
internal static class DiskSize
{
    /// <summary>The bytes of all files below; what cannot be looked into counts nothing.</summary>
    public static long Of(DirectoryInfo folder)
    {
        if (!folder.Exists) return 0;
        using DirectoryRoot root = DirectoryRoot.Open(folder.FullName); // names need not be text
        return Below(root, "");
    }

    private static long Below(DirectoryRoot root, string path)
    {
        try
        {
            long bytes = 0;
            foreach ((string name, FileStatus status) in root.List(path))
                bytes += status.Kind switch { FileKind.File => status.Size, FileKind.Directory => Below(root, path.Length == 0 ? name : $"{path}/{name}"), _ => 0 };
            return bytes;
        }
        catch (IOException) // forbidden, or just deleted
        {
            return 0;
        }
    }
}

using System.Text.Json;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>What a sweep takes.</summary>
/// <param name="Age">What was used since so long ago stays.</param>
/// <param name="Untagged">Whether manifests go that neither a tag names nor another manifest that stays.</param>
/// <param name="DryRun">Whether all stays, and is only counted.</param>
internal sealed record SweepRules(TimeSpan Age, bool Untagged, bool DryRun);

/// <summary>
/// Takes away what nobody needs: blobs of a repository that none of its manifests names, bytes that no repository has, uploads that nobody went
/// on with. It may run beside requests: whatever was pushed, asked for or mounted within the age stays, and that is checked again with each file.
/// </summary>
internal sealed class DiskSweep(DiskContent content, SweepRules rules)
{
    /// <summary>The least age while requests run: more than the grain of noted uses and the time between a blob and its manifest.</summary>
    public static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan UploadAge = TimeSpan.FromDays(7);

    private readonly DateTime _since = DateTime.UtcNow - rules.Age;
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal); // paths of bytes
    private int _manifests, _blobs, _uploads;
    private long _bytes;

    public async Task<SweepReport> RunAsync(CancellationToken cancel)
    {
        foreach (string name in content.Names()) await SweepRepositoryAsync(name, cancel).ConfigureAwait(false);
        foreach (string file in Directory.EnumerateFiles(content.Paths.Blobs, "*", SearchOption.AllDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            long size = new FileInfo(file) is { Exists: true } found ? found.Length : 0;
            if (_needed.Contains(file) || !Take(file, _since)) continue;
            (_blobs, _bytes) = (_blobs + 1, _bytes + size);
            if (!rules.DryRun) content.Budget.Give(size);
        }
        DateTime abandoned = DateTime.UtcNow - UploadAge;
        foreach (string file in Directory.EnumerateFiles(content.Paths.Uploads))
        {
            long size = new FileInfo(file) is { Exists: true } found ? found.Length : 0;
            if (!Take(file, abandoned)) continue;
            (_uploads, _bytes) = (_uploads + 1, _bytes + size);
            if (!rules.DryRun) content.Budget.Give(size);
            content.Forget(file);
        }
        return new(_manifests, _blobs, _bytes, _uploads);
    }

    private async Task SweepRepositoryAsync(string name, CancellationToken cancel)
    {
        Dictionary<Digest, ServedManifest> manifests = [];
        foreach (string link in DiskFiles.FilesOf(content.Paths.ManifestLinks(name)))
        {
            if (DiskPaths.DigestOf(link) is { } digest && await ReadAsync(name, digest, cancel).ConfigureAwait(false) is { } manifest) manifests[digest] = manifest;
        }
        HashSet<Digest> kept = rules.Untagged ? await KeptAsync(name, manifests, cancel).ConfigureAwait(false) : [.. manifests.Keys];
        foreach ((Digest digest, ServedManifest manifest) in manifests)
        {
            if (kept.Contains(digest) || !Take(content.Paths.ManifestLink(name, digest), _since)) _needed.Add(content.Paths.Blob(digest));
            else _manifests++;
            if (!kept.Contains(digest) && !_needed.Contains(content.Paths.Blob(digest)) && manifest.Subject is { } subject) Take(Path.Combine(content.Paths.About(name, subject), DiskPaths.FileName(digest)), DateTime.MaxValue);
        }
        HashSet<Digest> blobs = [.. manifests.Where(pair => _needed.Contains(content.Paths.Blob(pair.Key))).SelectMany(pair => pair.Value.Blobs)];
        foreach (string link in DiskFiles.FilesOf(content.Paths.BlobLinks(name)))
        {
            if (DiskPaths.DigestOf(link) is not { } digest) continue;
            if (blobs.Contains(digest) || !Take(link, _since)) _needed.Add(content.Paths.Blob(digest));
        }
    }

    // What tags name, what that lists, and what is about any of it.
    private async Task<HashSet<Digest>> KeptAsync(string name, Dictionary<Digest, ServedManifest> manifests, CancellationToken cancel)
    {
        HashSet<Digest> kept = [];
        Stack<Digest> open = new();
        foreach (string tag in DiskFiles.FilesOf(content.Paths.Tags(name)))
        {
            if (await content.FindTagAsync(name, DiskPaths.TagOf(tag), cancel).ConfigureAwait(false) is { } digest) open.Push(digest);
        }
        ILookup<Digest, Digest> about = manifests.Where(pair => pair.Value.Subject is not null).ToLookup(pair => pair.Value.Subject!.Value, pair => pair.Key);
        while (open.TryPop(out Digest next))
        {
            if (!manifests.TryGetValue(next, out ServedManifest? manifest) || !kept.Add(next)) continue;
            foreach (Digest child in manifest.Manifests.Concat(about[next])) open.Push(child);
        }
        return kept;
    }

    // Not by the content's own door: that would count as a use.
    private async Task<ServedManifest?> ReadAsync(string name, Digest digest, CancellationToken cancel)
    {
        string? type = (await DiskFiles.ReadAsync(content.Paths.ManifestLink(name, digest), cancel).ConfigureAwait(false))?.TrimEnd('\n');
        if (type is null || !File.Exists(content.Paths.Blob(digest))) return null;
        byte[] bytes = await File.ReadAllBytesAsync(content.Paths.Blob(digest), cancel).ConfigureAwait(false);
        try
        {
            return ServedManifest.Parse(type, digest, bytes);
        }
        catch (JsonException)
        {
            return new(type, digest, bytes); // cached from an upstream that takes it for one
        }
    }

    private bool Take(string file, DateTime unlessUsedSince) => rules.DryRun
        ? new FileInfo(file) is { Exists: true } found && found.LastWriteTimeUtc <= unlessUsedSince
        : DiskFiles.Delete(file, unlessUsedSince);
}

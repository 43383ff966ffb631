using System.Collections.Concurrent;
using System.Text.Json;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>The manifests of an upstream, through the cache: by digest for good, by tag for a while.</summary>
internal sealed class MirroredManifests(Upstream upstream, DiskContent cache, TimeSpan tagLifetime, TimeProvider time)
{
    private const int MostSizes = 100_000;

    private readonly SingleFlight<ServedManifest?> _flights = new();
    private readonly ConcurrentDictionary<(string, Digest), long> _sizes = new(); // of blobs that are likely to be asked for next

    /// <summary>Finds a manifest by tag or digest; null if the upstream has it not.</summary>
    public async Task<ServedManifest?> FindAsync(string name, string reference, CancellationToken cancel)
    {
        string kept = upstream.CacheName(name);
        bool byDigest = Digest.TryParse(reference, out Digest digest);
        if ((byDigest || IsFresh(kept, reference)) && await cache.FindManifestAsync(kept, reference, cancel).ConfigureAwait(false) is { } hit) return Noted(kept, hit);
        if (upstream.Repository(name) is not { } source || (byDigest && !digest.CanVerify)) return null;
        return await _flights.RunAsync($"{kept} {reference}", () => AskAsync(source, kept, reference), cancel).ConfigureAwait(false);
    }

    /// <summary>The size of a blob as a manifest of this repository tells it; null if none did.</summary>
    public long? SizeOf(string kept, Digest digest) => _sizes.TryGetValue((kept, digest), out long size) ? size : null;

    private async Task<ServedManifest?> AskAsync(RegistryRepository source, string kept, string reference)
    {
        bool byDigest = Digest.TryParse(reference, out _);
        ServedManifest? old = byDigest ? null : await cache.FindManifestAsync(kept, reference, CancellationToken.None).ConfigureAwait(false);
        if (old is not null && upstream.Rests) return Noted(kept, Stale(old));
        try
        {
            if (await source.ResolveAsync(reference).ConfigureAwait(false) is not { } root)
            {
                if (!byDigest) await cache.DeleteManifestAsync(kept, reference, CancellationToken.None).ConfigureAwait(false);
                return null;
            }
            string? tag = byDigest ? null : reference;
            if (await cache.FindManifestAsync(kept, root.Digest.ToString(), CancellationToken.None).ConfigureAwait(false) is not { } there) return await FetchAsync(source, kept, root, tag).ConfigureAwait(false);
            if (tag is not null) cache.SetTag(kept, tag, root.Digest);
            return Noted(kept, there);
        }
        catch (RegistryException error)
        {
            upstream.Failed(error);
            return old is not null ? Noted(kept, Stale(old)) : throw UpstreamFaults.Refusal(upstream, error);
        }
        catch (ContentException error)
        {
            return old is not null ? Noted(kept, Stale(old)) : throw UpstreamFaults.Refusal(upstream, error);
        }
    }

    private async Task<ServedManifest> FetchAsync(RegistryRepository source, string kept, Descriptor root, string? tag)
    {
        byte[] bytes = await Documents.ReadBytesAsync(source, root).ConfigureAwait(false);
        ServedManifest manifest;
        try
        {
            manifest = ServedManifest.Parse(root.MediaType, root.Digest, bytes);
        }
        catch (JsonException)
        {
            manifest = new(root.MediaType, root.Digest, bytes); // what the upstream takes for a manifest is passed on
        }
        await cache.PutManifestAsync(kept, manifest, tag is null ? [] : [tag], CancellationToken.None).ConfigureAwait(false);
        return Noted(kept, manifest with { Origin = "miss" });
    }

    private ServedManifest Noted(string kept, ServedManifest manifest)
    {
        if (_sizes.Count > MostSizes) _sizes.Clear();
        try
        {
            foreach ((Digest digest, long size) in ServedManifest.SizesOf(manifest.Bytes)) _sizes[(kept, digest)] = size;
        }
        catch (JsonException)
        {
            // No manifest of a known form: the upstream is asked for sizes.
        }
        return manifest;
    }

    // The file of a tag is written when the upstream was asked.
    private bool IsFresh(string kept, string tag) =>
        tagLifetime > TimeSpan.Zero && File.GetLastWriteTimeUtc(cache.Paths.Tag(kept, tag)) > time.GetUtcNow().UtcDateTime - tagLifetime;

    private ServedManifest Stale(ServedManifest manifest) => manifest with { Origin = "stale", Warning = $"{upstream.Name.Name} cannot be asked: this may be out of date" };
}

using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>What an upstream has, read through the cache. Nothing can be written.</summary>
/// <param name="upstream">The registry.</param>
/// <param name="manifests">Its manifests, through the cache.</param>
/// <param name="fetches">Its blobs on their way.</param>
/// <param name="cache">What is here.</param>
/// <param name="prefix">What names begin with here and not there; empty for nothing.</param>
internal sealed class MirroredContent(Upstream upstream, MirroredManifests manifests, BlobFetches fetches, DiskContent cache, string prefix) : IServedContent
{
    public ValueTask<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancel) => throw Refused();

    public async ValueTask<IReadOnlyList<string>?> ListTagsAsync(string repository, CancellationToken cancel)
    {
        if (upstream.Repository(Name(repository)) is not { } source) return null;
        try
        {
            List<string> tags = [];
            await foreach (string tag in source.ListTagsAsync(cancel).ConfigureAwait(false)) tags.Add(tag);
            tags.Sort(StringComparer.Ordinal);
            return tags;
        }
        catch (RegistryException error) when (error.Kind == RegistryErrorKind.NotFound)
        {
            return null;
        }
        catch (RegistryException error)
        {
            upstream.Failed(error);
            throw UpstreamFaults.Refusal(upstream, error);
        }
    }

    public async ValueTask<ServedBlob?> FindBlobAsync(string repository, Digest digest, CancellationToken cancel)
    {
        string name = Name(repository), kept = upstream.CacheName(name);
        if (await cache.FindBlobAsync(kept, digest, cancel).ConfigureAwait(false) is { } hit) return hit;
        if (!digest.CanVerify || upstream.Repository(name) is not { } source) return null;
        try
        {
            long? size = manifests.SizeOf(kept, digest) ?? await source.FindBlobSizeAsync(digest, cancel).ConfigureAwait(false);
            return size is null ? null : new MirroredBlob(new Descriptor { MediaType = "application/octet-stream", Digest = digest, Size = size.Value }, kept, upstream, source, fetches);
        }
        catch (RegistryException error)
        {
            upstream.Failed(error);
            throw UpstreamFaults.Refusal(upstream, error);
        }
    }

    public async ValueTask<ServedManifest?> FindManifestAsync(string repository, string reference, CancellationToken cancel) =>
        await manifests.FindAsync(Name(repository), reference, cancel).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(string repository, Digest subject, CancellationToken cancel)
    {
        if (upstream.Repository(Name(repository)) is not { } source) return [];
        try
        {
            return await source.ListReferrersAsync(subject, null, cancel).ConfigureAwait(false);
        }
        catch (RegistryException error)
        {
            upstream.Failed(error);
            throw UpstreamFaults.Refusal(upstream, error);
        }
    }

    public ValueTask<bool> DeleteBlobAsync(string repository, Digest digest, CancellationToken cancel) => throw Refused();

    public ValueTask<bool> MountAsync(string repository, Digest digest, string? from, CancellationToken cancel) => throw Refused();

    public ValueTask PutManifestAsync(string repository, ServedManifest manifest, IReadOnlyCollection<string> tags, CancellationToken cancel) => throw Refused();

    public ValueTask<bool> DeleteManifestAsync(string repository, string reference, CancellationToken cancel) => throw Refused();

    public ValueTask<IServedUpload> BeginUploadAsync(string repository, string algorithm, CancellationToken cancel) => throw Refused();

    public ValueTask<IServedUpload?> FindUploadAsync(string repository, string id, CancellationToken cancel) => throw Refused();

    private string Name(string repository) => repository[prefix.Length..];

    private ServedRefusal Refused() => new(ServedAnswer.Error(405, "UNSUPPORTED", $"this is a mirror of {upstream.Name.Name}: push to the registry itself"));
}

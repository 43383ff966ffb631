using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>A blob that an upstream has and the cache has not, or not yet.</summary>
internal sealed class MirroredBlob(Descriptor blob, string repository, Upstream upstream, RegistryRepository source, BlobFetches fetches) : ServedBlob(blob.Size)
{
    public override string Origin => "miss";

    public override async ValueTask<Stream?> OpenAsync(long from, long length, CancellationToken cancel)
    {
        if (length == 0) return Stream.Null;
        try
        {
            return await fetches.OpenAsync(blob, repository, source, (from, length), cancel).ConfigureAwait(false);
        }
        catch (RegistryException error)
        {
            upstream.Failed(error);
            throw UpstreamFaults.Refusal(upstream, error);
        }
        catch (ContentException error)
        {
            throw UpstreamFaults.Refusal(upstream, error);
        }
    }
}

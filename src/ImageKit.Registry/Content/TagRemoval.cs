using System.Net;
using System.Text;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Takes a tag away and leaves the image. Where the registry deletes no tags, the tag is pointed at a manifest of its own first, and that one
/// is deleted with it.
/// </summary>
internal sealed class TagRemoval(RepositoryRequests requests, RegistryRepository repository)
{
    private readonly ManifestRequests _manifests = new(requests);

    /// <returns>Whether it was there.</returns>
    /// <exception cref="RegistryException">The registry deletes neither tags nor manifests (IK2013); nothing was changed then.</exception>
    public async Task<bool> RunAsync(string tag, CancellationToken cancel)
    {
        if (await DeleteAsync(tag, cancel).ConfigureAwait(false)) return true;
        if (await _manifests.FetchAsync(tag, cancel).ConfigureAwait(false) is null) return false;
        Document<ImageManifest> own = Make(tag);
        await repository.PutAsync(own.Value.Config, new MemoryStream("{}"u8.ToArray()), cancel).ConfigureAwait(false);
        byte[] bytes = own.Bytes.ToArray();
        // First a try that no tag knows of: what cannot be deleted must not take the tag's place.
        await _manifests.PutAsync(own.Descriptor.Digest.ToString(), own.Descriptor, bytes, cancel).ConfigureAwait(false);
        await _manifests.DeleteAsync(own.Descriptor.Digest, cancel).ConfigureAwait(false);
        await _manifests.PutAsync(tag, own.Descriptor, bytes, cancel).ConfigureAwait(false);
        await _manifests.DeleteAsync(own.Descriptor.Digest, cancel).ConfigureAwait(false);
        return true;
    }

    // False: it is not there, or tags cannot be deleted here.
    private async Task<bool> DeleteAsync(string tag, CancellationToken cancel)
    {
        RegistryRequest request = requests.Of($"delete the tag '{tag}' of {requests.FullName}", HttpMethod.Delete, $"manifests/{tag}", requests.Delete);
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.NoContent).ConfigureAwait(false);
            return true;
        }
        catch (RegistryException error) when (error.Status is 400 or 404 or 405 or 415 or 501)
        {
            return false;
        }
    }

    // Its own digest, so that no other tag goes with it.
    private static Document<ImageManifest> Make(string tag)
    {
        Descriptor empty = new() { MediaType = MediaTypes.Empty, Digest = Digest.Of("{}"u8), Size = 2, Data = Encoding.ASCII.GetBytes("{}") };
        return Documents.WriteManifest(new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            ArtifactType = "application/vnd.imagekit.deleted.v1",
            Config = empty,
            Layers = [empty],
            Annotations = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("imagekit.deleted", $"{tag} {Guid.NewGuid():N}"),
        });
    }
}

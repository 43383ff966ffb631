using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What a registry holds, in memory, on disk or somewhere else. All members may be used from several threads at once.</summary>
/// <remarks>Names and references were held against the grammar before: they lead out of no folder.</remarks>
/// <exception cref="ServedRefusal">Thrown by any member that does not do what it is asked; its answer says why.</exception>
internal interface IServedContent
{
    /// <summary>The repositories that hold something, sorted.</summary>
    ValueTask<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancel);

    /// <summary>The tags of a repository, sorted; null if there is no such repository.</summary>
    ValueTask<IReadOnlyList<string>?> ListTagsAsync(string repository, CancellationToken cancel);

    /// <summary>A blob that a repository has; null if it has not.</summary>
    ValueTask<ServedBlob?> FindBlobAsync(string repository, Digest digest, CancellationToken cancel);

    /// <summary>Takes a blob out of a repository.</summary>
    /// <returns>Whether it was there.</returns>
    ValueTask<bool> DeleteBlobAsync(string repository, Digest digest, CancellationToken cancel);

    /// <summary>Puts a blob that another repository has into this one, without its bytes.</summary>
    /// <param name="repository">The repository that gets it.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="from">The repository that has it; null for any.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Whether it was there.</returns>
    ValueTask<bool> MountAsync(string repository, Digest digest, string? from, CancellationToken cancel);

    /// <summary>A manifest by tag or digest; null if it is not there.</summary>
    ValueTask<ServedManifest?> FindManifestAsync(string repository, string reference, CancellationToken cancel);

    /// <summary>Keeps a manifest under its digest and under some tags, which may have named another before.</summary>
    ValueTask PutManifestAsync(string repository, ServedManifest manifest, IReadOnlyCollection<string> tags, CancellationToken cancel);

    /// <summary>Deletes a tag, or a manifest by digest with its tags.</summary>
    /// <returns>Whether it was there.</returns>
    ValueTask<bool> DeleteManifestAsync(string repository, string reference, CancellationToken cancel);

    /// <summary>The manifests that are about another, sorted by digest, each with its artifact type and annotations.</summary>
    ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(string repository, Digest subject, CancellationToken cancel);

    /// <summary>Begins an upload.</summary>
    /// <param name="repository">The repository that gets the blob.</param>
    /// <param name="algorithm">The algorithm that its digest will probably be of, such as `sha256`.</param>
    /// <param name="cancel">Stops the work.</param>
    ValueTask<IServedUpload> BeginUploadAsync(string repository, string algorithm, CancellationToken cancel);

    /// <summary>An upload to this repository that is neither finished nor cancelled; null if there is none of this id, which may be any text.</summary>
    ValueTask<IServedUpload?> FindUploadAsync(string repository, string id, CancellationToken cancel);
}

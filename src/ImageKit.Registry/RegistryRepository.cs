using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// One repository of a registry, as a store of content. Every byte read is held against size and digest; every failure of the registry is a
/// <see cref="RegistryException"/>.
/// </summary>
public sealed class RegistryRepository : IContentStore
{
    private static readonly SearchValues<char> TagCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-");

    private readonly RepositoryRequests _requests;
    private readonly ReadRoute _route;
    private readonly ManifestRequests _manifests;
    private readonly BlobUpload _uploads;

    // What this object was told by the registry or told it: saves asking twice within one push or pull.
    private readonly ConcurrentDictionary<Digest, bool> _known = new();
    private readonly ConcurrentDictionary<Digest, Uri> _sessions = new();
    private readonly ConcurrentDictionary<Digest, BlobDownload> _downloads = new();
    private readonly RecentManifests _recent = new();

    /// <param name="requests">The repository itself: all that is written goes there, and nowhere else.</param>
    /// <param name="mountFrom">Repositories of the same registry.</param>
    /// <param name="route">Where to read; the repository itself is last in it.</param>
    internal RegistryRepository(RepositoryRequests requests, ImmutableArray<string> mountFrom, ReadRoute? route = null)
    {
        (_requests, _manifests, _uploads, _route) = (requests, new(requests), new(requests), route ?? new([requests]));
        MountFrom = [.. mountFrom.Where(name => name != requests.Name)];
    }

    /// <summary>The registry as users name it, such as `docker.io`.</summary>
    public string Registry => _requests.Endpoint.Host.Name;

    /// <summary>The repository in it, such as `library/busybox`.</summary>
    public string Name => _requests.Name;

    /// <summary>Repositories of the same registry that blobs are mounted from, the likeliest first.</summary>
    public ImmutableArray<string> MountFrom { get; }

    /// <summary>True: a registry takes a manifest only when it has what the manifest points to.</summary>
    public bool KeepsGraphsWhole => true;

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx). A repository that is not there gives null.</exception>
    public async Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default)
    {
        ThrowIfNoName(name);
        return await _route.ResolveAsync(name, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>A connection that breaks in mid-blob is resumed where it broke.</remarks>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (!blob.Digest.CanVerify) throw ContentFaults.UnknownAlgorithm(blob.Digest);
        if (!RepositoryRequests.IsManifest(blob)) return new VerifyingStream(await DownloadAsync(blob, 0, cancel).ConfigureAwait(false), blob);
        await _route.PrepareAsync(cancel).ConfigureAwait(false);
        byte[] bytes = _recent.Find(blob.Digest)
            ?? await _route.AskAsync(source => new ManifestRequests(source).OpenAsync(blob, proven: source != _route.Last, cancel)).ConfigureAwait(false)
            ?? throw ContentFaults.Missing(blob, _requests.FullName);
        return new VerifyingStream(new MemoryStream(bytes, writable: false), blob);
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return await DownloadAsync(blob, from, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public bool ReadElsewhere(Descriptor blob)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return _downloads.TryRemove(blob.Digest, out BlobDownload? download) && _route.Quarantine(download.Source);
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        bool there = RepositoryRequests.IsManifest(blob)
            ? await _manifests.DescribeAsync(blob.Digest.ToString(), cancel).ConfigureAwait(false) is not null
            : await BlobPresence.AskAsync(_requests, blob, cancel).ConfigureAwait(false);
        _known[blob.Digest] = there;
        return there;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A blob is mounted from <see cref="MountFrom"/> if one of them has it. An upload that fails or is cancelled is closed. Only a stream
    /// that can seek can be sent again when the connection breaks.
    /// </remarks>
    /// <exception cref="RegistryException">The registry could not be asked, or refused (IK20xx).</exception>
    public async Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await PutAsync(blob, BlobSource.Of(content), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>The content is opened and sent again when the connection breaks.</remarks>
    /// <exception cref="RegistryException">The registry could not be asked, or refused (IK20xx).</exception>
    public async Task PutAsync(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        await PutAsync(blob, new BlobSource(open, CanRepeat: true), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ContentException">The manifest is not here (IK1101).</exception>
    /// <exception cref="RegistryException">The registry could not be asked, or refused (IK20xx).</exception>
    public async Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default)
    {
        ThrowIfNoName(tag);
        ArgumentNullException.ThrowIfNull(root);
        byte[]? bytes = _recent.Find(root.Digest);
        if (bytes is null)
        {
            // It was here before: the tag may be right already.
            Descriptor? now = await _manifests.DescribeAsync(tag, cancel).ConfigureAwait(false);
            if (now?.Digest == root.Digest) return;
            bytes = await Documents.ReadBytesAsync(this, root, _requests.Options.MaxManifestBytes, cancel).ConfigureAwait(false);
        }
        await _manifests.PutAsync(tag, root, bytes, cancel).ConfigureAwait(false);
    }

    /// <summary>Mounts the blob from <paramref name="source"/> if that is a repository of the same registry, or from <see cref="MountFrom"/>.</summary>
    /// <inheritdoc/>
    public async Task<bool> TryMountAsync(Descriptor blob, IContentSource source, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (RepositoryRequests.IsManifest(blob)) return false;
        bool sameRegistry = source is RegistryRepository other && other._requests.Endpoint == _requests.Endpoint && other.Name != Name;
        ImmutableArray<string> from = sameRegistry ? [((RegistryRepository)source).Name, .. MountFrom] : MountFrom;
        if (from.IsEmpty) return false;
        Uri? session = await _uploads.MountAsync(blob, [.. from.Distinct(StringComparer.Ordinal)], cancel).ConfigureAwait(false);
        if (session is not null) _sessions[blob.Digest] = session; // for the upload that follows
        else _known[blob.Digest] = true;
        return session is null;
    }

    /// <summary>Lists the tags in the registry's order, page by page as they are read.</summary>
    /// <exception cref="RegistryException">The repository is not there (IK2006), or the registry could not be asked.</exception>
    public IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancel = default) => new TagPages(_requests).ReadAsync(cancel);

    /// <summary>Deletes a manifest by digest, with every tag that points at it.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="RegistryException">The registry does not delete (IK2013), or could not be asked.</exception>
    public async Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancel = default)
    {
        bool there = await _manifests.DeleteAsync(digest, cancel).ConfigureAwait(false);
        _known.TryRemove(digest, out _);
        _recent.Forget(digest);
        return there;
    }

    /// <summary>The registry and the repository.</summary>
    public override string ToString() => _requests.FullName;

    private async Task<BlobDownload> DownloadAsync(Descriptor blob, long from, CancellationToken cancel)
    {
        await _route.PrepareAsync(cancel).ConfigureAwait(false);
        BlobDownload download = await BlobDownload.StartAsync(_route, blob, from, cancel).ConfigureAwait(false);
        if (_route.Sources.Length > 1) _downloads[blob.Digest] = download; // should its bytes be wrong, who gave them counts
        return download;
    }

    private async Task PutAsync(Descriptor blob, BlobSource source, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (!blob.Digest.CanVerify) throw ContentFaults.UnknownAlgorithm(blob.Digest);
        if (blob.Size < 0) throw ContentFaults.NegativeSize(blob);
        if (!_known.TryGetValue(blob.Digest, out bool there)) there = await ContainsAsync(blob, cancel).ConfigureAwait(false);
        if (there) return;
        if (RepositoryRequests.IsManifest(blob)) await PutManifestAsync(blob, source, cancel).ConfigureAwait(false);
        else await PutBlobAsync(blob, source, cancel).ConfigureAwait(false);
        _known[blob.Digest] = true;
    }

    private async Task PutBlobAsync(Descriptor blob, BlobSource source, CancellationToken cancel)
    {
        if (!_sessions.TryRemove(blob.Digest, out Uri? session) && !MountFrom.IsEmpty)
        {
            session = await _uploads.MountAsync(blob, MountFrom, cancel).ConfigureAwait(false);
            if (session is null) return;
        }
        await _uploads.SendAsync(blob, source, session, cancel).ConfigureAwait(false);
    }

    private async Task PutManifestAsync(Descriptor manifest, BlobSource source, CancellationToken cancel)
    {
        if (manifest.Size > _requests.Options.MaxManifestBytes) throw ContentFaults.TooLarge(manifest, _requests.Options.MaxManifestBytes);
        Stream content = await source.OpenAsync(cancel).ConfigureAwait(false);
        if (content is not VerifyingStream) content = new VerifyingStream(content, manifest);
        byte[] bytes = new byte[manifest.Size];
        await using (content.ConfigureAwait(false)) await content.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        await _manifests.PutAsync(manifest.Digest.ToString(), manifest, bytes, cancel).ConfigureAwait(false);
        _recent.Keep(manifest.Digest, bytes);
    }

    private static void ThrowIfNoName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool tag = name.Length <= 128 && !name.AsSpan().ContainsAnyExcept(TagCharacters) && name[0] is not ('.' or '-');
        if (!tag && !Digest.TryParse(name, out _)) throw new ArgumentException($"'{name}' is neither a tag nor a digest.", nameof(name));
    }
}

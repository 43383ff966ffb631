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

    private const int SmallBytes = 128 * 1024;

    private readonly RepositoryRequests _requests;
    private readonly ReadRoute _route;
    private readonly ManifestRequests _manifests;
    private readonly BlobUpload _uploads;
    private readonly ReferrerList _referrers;

    // What this object was told by the registry or told it: saves asking twice within one push or pull.
    private readonly ConcurrentDictionary<Digest, bool> _known = new();
    private readonly ConcurrentDictionary<Digest, UploadSession> _sessions = new();
    private readonly ConcurrentDictionary<Digest, BlobDownload> _downloads = new();
    private readonly RecentManifests _recent = new();
    private readonly RootTag _root;

    /// <param name="requests">The repository itself: all that is written goes there, and nowhere else.</param>
    /// <param name="mountFrom">Repositories of the same registry.</param>
    /// <param name="route">Where to read; the repository itself is last in it.</param>
    /// <param name="tag">The tag that what is written is to have, if that is known already.</param>
    internal RegistryRepository(RepositoryRequests requests, ImmutableArray<string> mountFrom, ReadRoute? route = null, string? tag = null)
    {
        _root = new(tag);
        (_requests, _manifests, _uploads, _referrers, _route) = (requests, new(requests), new(requests), new(requests), route ?? new([requests]));
        MountFrom = [.. mountFrom.Where(name => name != requests.Name)];
    }

    /// <summary>
    /// The same repository for a copy whose root is to have this tag. The root is asked for by the tag and written under it, so a push of what is
    /// there costs one request, and a new one a request less. <see cref="TagAsync(string, Descriptor, CancellationToken)"/> is to follow as always.
    /// </summary>
    /// <exception cref="ArgumentException">It is no tag.</exception>
    public RegistryRepository ForRoot(string tag)
    {
        ThrowIfNoName(tag);
        return new(_requests, MountFrom, _route, tag);
    }

    /// <summary>The registry as users name it, such as `docker.io`.</summary>
    public string Registry => _requests.Endpoint.Host.Name;

    /// <summary>The repository in it, such as `library/busybox`.</summary>
    public string Name => _requests.Name;

    /// <summary>Repositories of the same registry that blobs are mounted from, the likeliest first.</summary>
    public ImmutableArray<string> MountFrom { get; }

    /// <summary>True: a registry takes a manifest only when it has what the manifest points to.</summary>
    public bool KeepsGraphsWhole => true;

    /// <summary>True: what arrived before a connection broke is worth keeping.</summary>
    public bool IsRemote => true;

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx). A repository that is not there gives null.</exception>
    public async Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default)
    {
        ThrowIfNoName(name);
        return await _route.ResolveAsync(name, new(), cancel).ConfigureAwait(false);
    }

    /// <summary>Finds out what a tag or digest names, which has to be there.</summary>
    /// <exception cref="RegistryException">It is not there (IK2007), or the registry could not be asked; tells every endpoint that was asked.</exception>
    /// <exception cref="ImageKitException">The registry is blocked (IK2044).</exception>
    public async Task<Descriptor> FindAsync(string name, CancellationToken cancel = default)
    {
        ThrowIfNoName(name);
        MissedAttempts misses = new();
        return await _route.ResolveAsync(name, misses, cancel).ConfigureAwait(false) ?? throw AnswerFaults.Missing(_route.Last, name, misses.All);
    }

    /// <inheritdoc/>
    /// <remarks>A connection that breaks in mid-blob is resumed where it broke.</remarks>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (!blob.Digest.CanVerify) throw ContentFaults.UnknownAlgorithm(blob.Digest);
        if (EmbeddedContent.Open(blob) is { } embedded) return embedded;
        await _route.PrepareAsync(cancel).ConfigureAwait(false);
        bool isSmall = _route.Sources.Length > 1 && blob.Size <= SmallBytes;
        if (!RepositoryRequests.IsManifest(blob)) return isSmall ? await OpenProvenAsync(blob, cancel).ConfigureAwait(false) : new VerifyingStream(await DownloadAsync(blob, 0, cancel).ConfigureAwait(false), blob);
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
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<Stream> OpenRangeAsync(Descriptor blob, long from, long length, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        await _route.PrepareAsync(cancel).ConfigureAwait(false);
        try
        {
            return await _route.AskAsync(async source => (Stream?)(await BlobRequest.OpenAsync(source, blob, from, from + length, cancel).ConfigureAwait(false)).Body).ConfigureAwait(false)
                ?? throw ContentFaults.Missing(blob, _requests.FullName);
        }
        catch (IOException) // a server that knows no ranges: all is read up to the end of the part
        {
            return new LimitedStream(await DownloadAsync(blob, from, cancel).ConfigureAwait(false), length);
        }
    }

    /// <inheritdoc/>
    public bool ReadElsewhere(Descriptor blob)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return _downloads.TryRemove(blob.Digest, out BlobDownload? download) && (download.WasShared ? _route.StopSharing() : _route.Quarantine(download.Source));
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        // Whoever pushes asks for the root first: if its tag is right, this one request is the whole push.
        bool tagged = RepositoryRequests.IsManifest(blob) && _root.Ask(blob.Digest) is { } tag && _root.Is(await _manifests.DescribeAsync(tag, cancel).ConfigureAwait(false), blob.Digest);
        bool there = tagged || (RepositoryRequests.IsManifest(blob)
            ? await _manifests.DescribeAsync(blob.Digest.ToString(), cancel).ConfigureAwait(false) is not null
            : await BlobPresence.AskAsync(_requests, blob, cancel).ConfigureAwait(false));
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
        if (_root.IsRight(tag, root.Digest)) return;
        // It was here before: the tag may be right already.
        if (_recent.Find(root.Digest) is null && !_root.IsAsked(tag) && (await _manifests.DescribeAsync(tag, cancel).ConfigureAwait(false))?.Digest == root.Digest) return;
        await _manifests.PutAsync(tag, root, await BytesAsync(root, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        _root.Points(tag, root.Digest);
    }

    /// <summary>Points several tags at a manifest that is here: by one request where the registry takes that, else one by one.</summary>
    /// <exception cref="ContentException">The manifest is not here (IK1101).</exception>
    /// <exception cref="RegistryException">The registry could not be asked, or refused (IK20xx); some tags may be set then.</exception>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-digest-and-tags"/>
    public async Task TagAsync(IReadOnlyCollection<string> tags, Descriptor root, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(root);
        foreach (string tag in tags) ThrowIfNoName(tag);
        string[] left = [.. tags.Distinct(StringComparer.Ordinal).Where(tag => !_root.IsRight(tag, root.Digest))];
        if (left.Length > 1 && _requests.Endpoint.TakesTags != false)
        {
            byte[] bytes = await BytesAsync(root, cancel).ConfigureAwait(false);
            ManifestReceipt receipt = await _manifests.PutAsync(root.Digest.ToString(), root, bytes, cancel, left).ConfigureAwait(false);
            _requests.Endpoint.TakesTags = !receipt.Tags.IsEmpty;
            foreach (string taken in receipt.Tags) _root.Points(taken, root.Digest);
            left = [.. left.Except(receipt.Tags, StringComparer.Ordinal)];
        }
        foreach (string tag in left) await TagAsync(tag, root, cancel).ConfigureAwait(false);
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
        UploadSession? session = await _uploads.MountAsync(blob, [.. from.Distinct(StringComparer.Ordinal)], cancel).ConfigureAwait(false);
        if (session is not null) _sessions[blob.Digest] = session; // for the upload that follows
        else _known[blob.Digest] = true;
        return session is null;
    }

    /// <summary>Asks how many pulls the registry allows and how many are left, by a request that counts as none.</summary>
    /// <param name="name">A tag or digest of the repository.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Null if the registry tells nothing of limits.</returns>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public async Task<RateLimit?> ReadRateLimitAsync(string name = "latest", CancellationToken cancel = default)
    {
        ThrowIfNoName(name);
        _ = await _manifests.DescribeAsync(name, cancel).ConfigureAwait(false);
        return _requests.Endpoint.RateLimit;
    }

    /// <summary>Lists the tags in the registry's order, page by page as they are read.</summary>
    /// <exception cref="RegistryException">The repository is not there (IK2006), or the registry could not be asked.</exception>
    public IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancel = default) => NamePages.Tags(_requests).ReadAsync(cancel);

    /// <summary>
    /// Lists what is about a manifest: signatures, bills of materials and the like, each with its artifact type and annotations. Where the
    /// registry keeps no such list, the tag that clients keep in its place is read.
    /// </summary>
    /// <param name="subject">The manifest that they are about; it need not be here.</param>
    /// <param name="artifactType">Only artifacts of this kind; null for all.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="RegistryException">The registry could not be asked (IK20xx).</exception>
    public Task<ImmutableArray<Descriptor>> ListReferrersAsync(Digest subject, string? artifactType = null, CancellationToken cancel = default) =>
        _referrers.ReadAsync(subject, artifactType, cancel);

    /// <summary>
    /// Makes the list of what is about a manifest right: entries that are gone or about something else leave it, and what has a tag and fell out
    /// comes back. What fell out and has no tag cannot be found.
    /// </summary>
    /// <exception cref="RegistryException">The registry could not be asked, or refused (IK20xx).</exception>
    public Task<ReferrerRepair> RepairReferrersAsync(Digest subject, CancellationToken cancel = default) =>
        new ReferrerMending(_requests, _referrers).RunAsync(subject, cancel);

    /// <summary>Deletes a manifest by digest, with every tag that points at it, and takes it off the list of what is about its subject.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="RegistryException">The registry does not delete (IK2013), or could not be asked.</exception>
    public async Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancel = default)
    {
        FetchedManifest? fetched = await _manifests.FetchAsync(digest.ToString(), cancel).ConfigureAwait(false);
        bool there = await _manifests.DeleteAsync(digest, cancel).ConfigureAwait(false);
        _known.TryRemove(digest, out _);
        _recent.Forget(digest);
        _root.Forget();
        if (fetched is null || ReferrerEntry.Find(fetched.Descriptor, fetched.Bytes) is not { Subject: var subject }) return there;
        bool byRegistry = await _referrers.ReadApiAsync(subject, null, cancel).ConfigureAwait(false) is not null;
        if (!byRegistry) await new ReferrerIndex(_requests).RemoveAsync(subject, digest, cancel).ConfigureAwait(false);
        return there;
    }

    /// <summary>Takes a tag away and leaves the manifest, also where the registry itself deletes manifests alone.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="RegistryException">The registry does not delete (IK2013), or could not be asked; nothing was changed then.</exception>
    public Task<bool> DeleteTagAsync(string tag, CancellationToken cancel = default)
    {
        ThrowIfNoName(tag);
        _root.Points(tag, null);
        return new TagRemoval(_requests, this).RunAsync(tag, cancel);
    }

    /// <summary>Asks how many bytes a blob has; null if it is not there.</summary>
    /// <exception cref="RegistryException">The registry does not tell, or could not be asked (IK20xx).</exception>
    public Task<long?> FindBlobSizeAsync(Digest digest, CancellationToken cancel = default) => BlobPresence.FindSizeAsync(_requests, digest, cancel);

    /// <summary>Deletes a blob. Images that need it are broken then: registries do not look.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="RegistryException">The registry does not delete blobs (IK2013), or could not be asked.</exception>
    public Task<bool> DeleteBlobAsync(Digest digest, CancellationToken cancel = default)
    {
        _known.TryRemove(digest, out _);
        return _requests.DeleteAsync($"delete the blob {digest} of {_requests.FullName}", $"blobs/{digest}", cancel);
    }

    /// <summary>The registry and the repository.</summary>
    public override string ToString() => _requests.FullName;

    // Small enough to be held whole: wrong bytes of a mirror are asked of the next endpoint before anybody sees them.
    private async Task<Stream> OpenProvenAsync(Descriptor blob, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                MemoryStream bytes = new((int)blob.Size);
                VerifyingStream content = new(await DownloadAsync(blob, 0, cancel).ConfigureAwait(false), blob);
                await using (content.ConfigureAwait(false)) await content.CopyToAsync(bytes, cancel).ConfigureAwait(false);
                bytes.Position = 0;
                return new VerifyingStream(bytes, blob);
            }
            catch (ContentException error) when (error.Code is "IK1102" or "IK1103" && ReadElsewhere(blob))
            {
                // The endpoint that gave them is left out now.
            }
        }
    }

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
        if (!_sessions.TryRemove(blob.Digest, out UploadSession? session) && !MountFrom.IsEmpty)
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
        string name = _root.TagOf(manifest.Digest) ?? manifest.Digest.ToString();
        ManifestReceipt receipt = await _manifests.PutAsync(name, manifest, bytes, cancel).ConfigureAwait(false);
        _root.Points(name, manifest.Digest);
        _recent.Keep(manifest.Digest, bytes);
        if (!receipt.TookSubject && ReferrerEntry.Find(manifest, bytes) is { } entry) await new ReferrerIndex(_requests).AddAsync(entry.Subject, entry.Listed, cancel).ConfigureAwait(false);
    }

    private async Task<byte[]> BytesAsync(Descriptor manifest, CancellationToken cancel) =>
        _recent.Find(manifest.Digest) ?? await Documents.ReadBytesAsync(this, manifest, _requests.Options.MaxManifestBytes, cancel).ConfigureAwait(false);

    private static void ThrowIfNoName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool tag = name.Length <= 128 && !name.AsSpan().ContainsAnyExcept(TagCharacters) && name[0] is not ('.' or '-');
        if (!tag && !Digest.TryParse(name, out _)) throw new ArgumentException($"'{name}' is neither a tag nor a digest.", nameof(name));
    }
}

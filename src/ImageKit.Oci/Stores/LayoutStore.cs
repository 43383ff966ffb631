using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// An OCI image layout on disk, as other tools read and write it. Blobs appear whole or not at all; `index.json` is replaced under a lock of
/// the operating system; any number of processes and threads may use one directory.
/// </summary>
/// <remarks>Temporary files and the lock lie in the sub-folder `.imagekit`, which other tools ignore.</remarks>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md"/>
public sealed class LayoutStore : IContentStore, IDisposable
{
    private readonly LayoutFiles _files;
    private readonly LayoutIndex _index;

    private LayoutStore(string directory)
    {
        _files = new(directory);
        _index = new(_files);
    }

    /// <summary>The layout's directory, absolute.</summary>
    public string Directory => _files.Root;

    /// <summary>Opens a layout to read and write; makes it where there is none, and sweeps what crashed writers left.</summary>
    /// <exception cref="ContentException">The directory holds a layout of an unknown version (IK1001), or cannot be written (IK1002, IK1003).</exception>
    public static LayoutStore Open(string directory)
    {
        var store = new LayoutStore(Path.GetFullPath(directory));
        store._files.Prepare();
        return store;
    }

    /// <summary>Opens a layout that is there already. Writes nothing by itself, so the directory may be read-only.</summary>
    /// <exception cref="ContentException">The directory is no layout, or one of an unknown version (IK1001).</exception>
    public static LayoutStore OpenExisting(string directory)
    {
        var store = new LayoutStore(Path.GetFullPath(directory));
        store._files.CheckVersion();
        return store;
    }

    /// <summary>The file of a blob, which may not be there.</summary>
    public string GetPath(Digest digest) => _files.Blob(digest);

    /// <inheritdoc/>
    public async Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default)
    {
        IndexManifest index = await _index.ReadAsync(cancel).ConfigureAwait(false);
        // Names first: `app:1` is a digest too by its grammar, of the algorithm `app`.
        if (LayoutNames.Find(index, name) is { } named) return named;
        if (!Digest.TryParse(name, out Digest digest)) return null;
        return index.Manifests.FirstOrDefault(entry => entry.Digest == digest) is { } listed
            ? LayoutNames.Bare(listed)
            : await DocumentKind.DescribeAsync(_files.Blob(digest), digest, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new VerifyingStream(_files.OpenBlob(blob), blob));
    }

    /// <summary>Whether the blob is here with its full size. Being found counts as being used: see <see cref="DeleteAsync"/>.</summary>
    public Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(_files.Touch(blob));
    }

    /// <inheritdoc/>
    public Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default) => PutAsync(blob, content, null, cancel);

    /// <inheritdoc/>
    /// <remarks>
    /// What arrived of a larger blob of a remote source stays in the sub-folder `.imagekit/partial` when the source breaks, the caller cancels or the process dies; the
    /// next try reads the source from there on. It is hashed again first, and thrown away if the whole turns out wrong.
    /// </remarks>
    public Task PutAsync(Descriptor blob, IContentSource source, IProgress<long>? moved, CancellationToken cancel = default) => PutAsync(blob, source, moved, null, cancel);

    /// <summary>The same; <paramref name="watch"/> sees the bytes, from the first on.</summary>
    internal async Task PutAsync(Descriptor blob, IContentSource source, IProgress<long>? moved, LayerWatch? watch, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(blob);
        ArgumentNullException.ThrowIfNull(source);
        if (_files.Touch(blob)) return;
        if (source.IsRemote && await PartialBlob.TryPutAsync(this, _files, blob, source, moved, watch, cancel).ConfigureAwait(false)) return;
        if (watch is not null) await watch.BeginAsync().ConfigureAwait(false);
        Stream content = await source.OpenAsync(blob, cancel).ConfigureAwait(false);
        VerifyingStream verified = content as VerifyingStream ?? new(content, blob);
        if (moved is not null) verified.Moved = moved.Report;
        await using (verified.ConfigureAwait(false)) await PutAsync(blob, verified, watch, cancel).ConfigureAwait(false);
    }

    /// <summary>Begins a blob whose digest is not known yet.</summary>
    /// <exception cref="ContentException">The store cannot be written (IK1002, IK1003).</exception>
    public BlobWriter BeginBlob() => new(this, _files.CreateTemporary(), ContentHash.For(Digest.Of([])));

    /// <summary>Begins a blob that whoever writes it hashes on the way, and names when it is committed.</summary>
    internal BlobWriter BeginHashedBlob() => new(this, _files.CreateTemporary(), null);

    /// <inheritdoc/>
    /// <remarks>The name is written as `org.opencontainers.image.ref.name`; if it is a full name (with a registry), as `io.containerd.image.name` too.</remarks>
    public Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return NameAsync(tag, tag, root, cancel);
    }

    /// <summary>
    /// Names an image as archives do: its tag as `org.opencontainers.image.ref.name`, so that `skopeo inspect oci:DIR:TAG` finds it, and its full
    /// name for containerd. For a layout that is handed out, not for a store of many images, where tags repeat.
    /// </summary>
    /// <exception cref="ContentException">The image is not here (IK1101), or the list cannot be written (IK1002 to IK1005).</exception>
    public Task TagByShortNameAsync(ImageReference name, Descriptor root, CancellationToken cancel = default)
    {
        ImageReference full = name.TagOrLatest;
        return NameAsync(full.ToString(), full.Tag ?? full.Digest.ToString()!, root, cancel);
    }

    /// <summary>Takes a name away; the blobs stay until they are deleted.</summary>
    /// <returns>Whether the name was there.</returns>
    public Task<bool> UntagAsync(string tag, CancellationToken cancel = default) => _index.ChangeAsync(index => LayoutNames.Without(index, tag), cancel);

    /// <summary>All entries of `index.json`, in its order; entries without a name have none.</summary>
    public async Task<ImmutableArray<StoredTag>> ListAsync(CancellationToken cancel = default)
    {
        IndexManifest index = await _index.ReadAsync(cancel).ConfigureAwait(false);
        return [.. index.Manifests.Select(entry => new StoredTag(LayoutNames.NameOf(entry), LayoutNames.Bare(entry)))];
    }

    /// <summary>All blobs on disk, whether or not anything points at them; unknown files are left out.</summary>
    public IEnumerable<StoredBlob> EnumerateBlobs() => _files.EnumerateBlobs();

    /// <summary>Deletes a blob, unless it was used after <paramref name="unlessUsedSince"/>.</summary>
    /// <returns>The bytes freed; 0 if the blob stays or was not there.</returns>
    public Task<long> DeleteAsync(Digest digest, DateTimeOffset? unlessUsedSince = null, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(_files.Delete(digest, unlessUsedSince));
    }

    /// <summary>Releases what the store holds in memory; the layout stays.</summary>
    public void Dispose() => _index.Dispose();

    internal void Publish(string temporary, Digest digest, long size) => _files.Publish(temporary, digest, size);

    private async Task PutAsync(Descriptor blob, Stream content, LayerWatch? watch, CancellationToken cancel)
    {
        if (_files.Touch(blob)) return;
        bool proven = content is VerifyingStream { Untouched: true } verifying && verifying.Expected.Digest == blob.Digest && verifying.Expected.Size == blob.Size;
        var writer = new BlobWriter(this, _files.CreateTemporary(), proven ? null : ContentHash.For(blob.Digest)) { Watch = watch };
        await using (writer.ConfigureAwait(false))
        {
            await BlobCopy.RunAsync(content, writer, blob, cancel).ConfigureAwait(false);
            await writer.CommitAsync(blob, cancel).ConfigureAwait(false);
        }
    }

    private Task NameAsync(string name, string tag, Descriptor root, CancellationToken cancel) => _files.Touch(root)
        ? _index.ChangeAsync(index => LayoutNames.With(index, name, tag, root), cancel)
        : Task.FromException(ContentFaults.Missing(root, $"'{Directory}'"));
}

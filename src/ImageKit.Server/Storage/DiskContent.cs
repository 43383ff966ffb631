using System.Collections.Concurrent;
using System.Text;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>What a registry holds, on disk. Whatever was answered with success survives a loss of power; nothing half-written can be seen.</summary>
internal sealed class DiskContent : IServedContent
{
    private readonly ConcurrentDictionary<string, DiskUpload> _uploads = new(StringComparer.Ordinal);

    private readonly string? _origin;

    private DiskContent(string root, DiskBudget budget, string? origin) => (Paths, Budget, _origin) = (new(root), budget, origin);

    public DiskPaths Paths { get; }

    public DiskBudget Budget { get; }

    /// <summary>Opens the content of a folder, which is made if it is not there.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="budget">What it may take of the disk.</param>
    /// <param name="origin">See <see cref="ServedBlob.Origin"/>.</param>
    /// <exception cref="ContentException">The folder cannot be written (IK1002, IK1003).</exception>
    public static DiskContent Open(string root, DiskBudget? budget = null, string? origin = null)
    {
        DiskContent content = new(Path.GetFullPath(root), budget ?? new(null), origin);
        try
        {
            foreach (string folder in new[] { content.Paths.Blobs, content.Paths.Repositories, content.Paths.Uploads }) DiskFiles.MakeFolder(folder);
            foreach (string file in Directory.EnumerateFiles(content.Paths.Uploads, "small-*")) File.Delete(file); // of a server that died
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFaults.Of(e, content.Paths.Root, "opening the registry");
        }
        content.Budget.Count(content.Paths.Blobs, content.Paths.Uploads);
        return content;
    }

    public ValueTask<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancel) => new([.. Names()]);

    /// <summary>The repositories, sorted.</summary>
    public IEnumerable<string> Names() => from folder in Directory.EnumerateDirectories(Paths.Repositories, "_*", SearchOption.AllDirectories)
                                          where Path.GetFileName(folder) is "_blobs" or "_manifests" && Directory.EnumerateFiles(folder).Any()
                                          group folder by Path.GetRelativePath(Paths.Repositories, Path.GetDirectoryName(folder)!).Replace('\\', '/') into name
                                          orderby name.Key
                                          select name.Key;

    public ValueTask<IReadOnlyList<string>?> ListTagsAsync(string repository, CancellationToken cancel)
    {
        bool there = Directory.Exists(Paths.ManifestLinks(repository)) || Directory.Exists(Paths.BlobLinks(repository));
        return new(there ? [.. DiskFiles.FilesOf(Paths.Tags(repository)).Select(DiskPaths.TagOf).Order(StringComparer.Ordinal)] : null);
    }

    public ValueTask<ServedBlob?> FindBlobAsync(string repository, Digest digest, CancellationToken cancel) =>
        new(DiskFiles.Touch(Paths.BlobLink(repository, digest)) ? FindAnywhere(digest) : null);

    /// <summary>A blob that lies here, whichever repository has it.</summary>
    public DiskBlob? FindAnywhere(Digest digest) => DiskFiles.Touch(Paths.Blob(digest)) ? DiskBlob.At(Paths.Blob(digest), _origin) : null;

    public ValueTask<bool> DeleteBlobAsync(string repository, Digest digest, CancellationToken cancel) => new(DiskFiles.Delete(Paths.BlobLink(repository, digest)));

    public async ValueTask<bool> MountAsync(string repository, Digest digest, string? from, CancellationToken cancel)
    {
        if (FindAnywhere(digest) is null) return false;
        IEnumerable<string> names = from is null ? Names() : [from];
        if (!names.Any(name => DiskFiles.Touch(Paths.BlobLink(name, digest)))) return false;
        await Task.Run(() => LinkBlob(repository, digest), cancel).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<ServedManifest?> FindManifestAsync(string repository, string reference, CancellationToken cancel)
    {
        if (!Digest.TryParse(reference, out Digest digest) && await FindTagAsync(repository, reference, cancel).ConfigureAwait(false) is { } named) digest = named;
        if (digest.IsDefault || !DiskFiles.Touch(Paths.ManifestLink(repository, digest)) || !DiskFiles.Touch(Paths.Blob(digest))) return null;
        if (await DiskFiles.ReadAsync(Paths.ManifestLink(repository, digest), cancel).ConfigureAwait(false) is not { } link) return null;
        try
        {
            return new(link.TrimEnd('\n'), digest, await File.ReadAllBytesAsync(Paths.Blob(digest), cancel).ConfigureAwait(false)) { Origin = _origin };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // swept a moment ago
        }
    }

    /// <summary>What a tag names; null if there is no such tag.</summary>
    public async ValueTask<Digest?> FindTagAsync(string repository, string tag, CancellationToken cancel) =>
        Digest.TryParse((await DiskFiles.ReadAsync(Paths.Tag(repository, tag), cancel).ConfigureAwait(false))?.TrimEnd('\n'), out Digest digest) ? digest : null;

    public ValueTask PutManifestAsync(string repository, ServedManifest manifest, IReadOnlyCollection<string> tags, CancellationToken cancel) => new(Task.Run(() =>
    {
        // What is pointed at comes first: a crash in between leaves bytes that nobody sees.
        if (!DiskFiles.Touch(Paths.Blob(manifest.Digest)))
        {
            Budget.Take(manifest.Bytes.Length);
            Write(Paths.Blob(manifest.Digest), manifest.Bytes.Span);
        }
        if (manifest.Subject is { } subject && !File.Exists(Referrer(repository, subject, manifest.Digest))) Write(Referrer(repository, subject, manifest.Digest), []);
        Write(Paths.ManifestLink(repository, manifest.Digest), Encoding.UTF8.GetBytes(manifest.MediaType + "\n"));
        foreach (string tag in tags) SetTag(repository, tag, manifest.Digest);
    }, cancel));

    /// <summary>Points a tag at a manifest that is here.</summary>
    public void SetTag(string repository, string tag, Digest digest) => Write(Paths.Tag(repository, tag), Encoding.UTF8.GetBytes(digest + "\n"));

    public async ValueTask<bool> DeleteManifestAsync(string repository, string reference, CancellationToken cancel)
    {
        if (!Digest.TryParse(reference, out Digest digest)) return DiskFiles.Delete(Paths.Tag(repository, reference));
        ServedManifest? manifest = await FindManifestAsync(repository, reference, cancel).ConfigureAwait(false);
        foreach (string file in DiskFiles.FilesOf(Paths.Tags(repository)))
        {
            if (await FindTagAsync(repository, DiskPaths.TagOf(file), cancel).ConfigureAwait(false) == digest) DiskFiles.Delete(file);
        }
        bool there = DiskFiles.Delete(Paths.ManifestLink(repository, digest));
        if (manifest is not null && ServedManifest.Parse(manifest.MediaType, digest, manifest.Bytes).Subject is { } subject) DiskFiles.Delete(Referrer(repository, subject, digest));
        return there;
    }

    public async ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(string repository, Digest subject, CancellationToken cancel)
    {
        List<Descriptor> found = [];
        foreach (Digest digest in DiskFiles.FilesOf(Paths.About(repository, subject)).Select(DiskPaths.DigestOf).OfType<Digest>().Order())
        {
            if (await FindManifestAsync(repository, digest.ToString(), cancel).ConfigureAwait(false) is { } manifest) found.Add(ServedManifest.Parse(manifest.MediaType, digest, manifest.Bytes).AsReferrer());
        }
        return found;
    }

    public ValueTask<IServedUpload> BeginUploadAsync(string repository, string algorithm, CancellationToken cancel)
    {
        string id = DiskPaths.NewUploadId(), path = Paths.Upload(repository, id)!;
        DiskFiles.Guard(path, path, name => File.OpenHandle(name, FileMode.CreateNew, FileAccess.Write).Dispose());
        return new(_uploads[path] = new(this, repository, id, path, algorithm));
    }

    public ValueTask<IServedUpload?> FindUploadAsync(string repository, string id, CancellationToken cancel)
    {
        if (Paths.Upload(repository, id) is not { } path || !File.Exists(path)) return new((IServedUpload?)null);
        return new(_uploads.GetOrAdd(path, _ => new(this, repository, id, path, "sha256"))); // begun before the server was started anew
    }

    /// <summary>Makes a finished file a blob of a repository.</summary>
    /// <exception cref="ServedRefusal">The disk refuses.</exception>
    public void Keep(string file, string repository, Digest digest)
    {
        DiskFiles.Guard(file, digest, kept =>
        {
            long size = new FileInfo(file).Length;
            if (DiskFiles.Touch(Paths.Blob(kept)) && DiskBlob.At(Paths.Blob(kept))?.Size == size)
            {
                File.Delete(file); // another one was faster
                Budget.Give(size);
                return;
            }
            using (IncomingFile written = IncomingFile.Open(file)) written.Sync();
            DiskFiles.Publish(file, Paths.Blob(kept));
        });
        LinkBlob(repository, digest);
    }

    /// <summary>Notes that a repository has a blob.</summary>
    public void LinkBlob(string repository, Digest digest)
    {
        if (!DiskFiles.Touch(Paths.BlobLink(repository, digest))) Write(Paths.BlobLink(repository, digest), []);
    }

    /// <summary>Forgets an upload that ended.</summary>
    public void Forget(string path) => _uploads.TryRemove(path, out _);

    private string Referrer(string repository, Digest subject, Digest manifest) => Path.Combine(Paths.About(repository, subject), DiskPaths.FileName(manifest));

    private void Write(string path, ReadOnlySpan<byte> bytes) => DiskFiles.Write(path, bytes, Paths.Uploads);
}

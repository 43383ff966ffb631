using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What a registry holds, in memory.</summary>
/// <param name="mostBlobBytes">The most bytes that a blob may have; what an array can hold unless given (2 GB).</param>
internal sealed class MemoryContent(int? mostBlobBytes = null) : IServedContent
{
    private readonly ConcurrentDictionary<string, MemoryRepository> _repositories = new(StringComparer.Ordinal);

    /// <summary>The names of the repositories that hold something, sorted.</summary>
    public IReadOnlyList<string> Names => [.. from pair in _repositories where !pair.Value.IsEmpty orderby pair.Key select pair.Key];

    public bool TryFind(string name, [NotNullWhen(true)] out MemoryRepository? repository) => _repositories.TryGetValue(name, out repository);

    public ValueTask<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancel) => new(Names);

    public ValueTask<IReadOnlyList<string>?> ListTagsAsync(string repository, CancellationToken cancel) => new(Find(repository)?.Tags);

    public ValueTask<ServedBlob?> FindBlobAsync(string repository, Digest digest, CancellationToken cancel) =>
        new(Find(repository)?.FindBlob(digest) is { } bytes ? new MemoryBlob(bytes) : null);

    public ValueTask<bool> DeleteBlobAsync(string repository, Digest digest, CancellationToken cancel) => new(Find(repository)?.DeleteBlob(digest) == true);

    public ValueTask<bool> MountAsync(string repository, Digest digest, string? from, CancellationToken cancel)
    {
        IEnumerable<string> names = from is null ? Names : [from];
        if (names.Select(name => Find(name)?.FindBlob(digest)).FirstOrDefault(found => found is not null) is not { } bytes) return new(false);
        Open(repository).PutBlob(digest, bytes);
        return new(true);
    }

    public ValueTask<ServedManifest?> FindManifestAsync(string repository, string reference, CancellationToken cancel) => new(Find(repository)?.FindManifest(reference));

    public ValueTask PutManifestAsync(string repository, ServedManifest manifest, IReadOnlyCollection<string> tags, CancellationToken cancel)
    {
        Open(repository).PutManifest(manifest, tags);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> DeleteManifestAsync(string repository, string reference, CancellationToken cancel) => new(Find(repository)?.DeleteManifest(reference) == true);

    public ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(string repository, Digest subject, CancellationToken cancel) =>
        new(Find(repository) is { } found ? [.. found.ManifestsAbout(subject).Select(manifest => manifest.AsReferrer())] : []);

    public ValueTask<IServedUpload> BeginUploadAsync(string repository, string algorithm, CancellationToken cancel) => new(Open(repository).BeginUpload());

    public ValueTask<IServedUpload?> FindUploadAsync(string repository, string id, CancellationToken cancel) => new(Find(repository)?.FindUpload(id));

    /// <summary>Forgets the uploads that were begun and not finished.</summary>
    public void ForgetUploads()
    {
        foreach (MemoryRepository repository in _repositories.Values) repository.ForgetUploads();
    }

    // Repositories come into being when something is written to them.
    private MemoryRepository Open(string name) => _repositories.GetOrAdd(name, _ => new(mostBlobBytes ?? Array.MaxLength));

    private MemoryRepository? Find(string name) => _repositories.GetValueOrDefault(name);
}

using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>
/// Reads what `docker save` and skopeo's `docker-archive:` write: configs and layer tars under any names, joined by `manifest.json`. Such an
/// archive has no manifests; they are made here, of what is there.
/// </summary>
internal sealed class DockerArchive(ArchiveFile file, ArchiveEntries entries)
{
    private readonly Dictionary<Digest, ArchiveSpan> _blobs = [];
    private readonly List<ReadOnlyMemory<byte>> _made = [];

    public async Task<ArchiveCatalog> ReadAsync(ArchiveSpan manifest, CancellationToken cancel)
    {
        byte[] bytes = await BytesAsync(manifest, Documents.MaxManifestBytes, "manifest.json", cancel).ConfigureAwait(false);
        ImmutableArray<DockerArchiveImage> listed;
        try
        {
            listed = JsonSerializer.Deserialize(bytes, OciJson.Wire.ImmutableArrayDockerArchiveImage);
        }
        catch (JsonException e) // cut short, or another program's file of that name
        {
            throw ArchiveFaults.Broken(file.Name, $"Its 'manifest.json' is not well-formed: {e.Message}", e);
        }
        if (listed.IsDefault || listed.Any(image => image?.Config is null || image.Layers?.Contains(null!) == true || image.RepoTags?.Contains(null!) == true))
            throw ArchiveFaults.Broken(file.Name, "Its 'manifest.json' has a null where an image, a path or a name has to be.");
        var images = new List<StoredTag>();
        foreach (DockerArchiveImage image in listed)
        {
            Descriptor root = await ImageAsync(image, cancel).ConfigureAwait(false);
            string[] names = [.. (image.RepoTags ?? []).Select(FullName)];
            if (names.Length == 0) images.Add(new(null, root));
            images.AddRange(names.Select(name => new StoredTag(name, root)));
        }
        return new(entries, [.. images], _blobs, new FixedSource(_made));
    }

    private async Task<Descriptor> ImageAsync(DockerArchiveImage image, CancellationToken cancel)
    {
        byte[] bytes = await BytesAsync(Find(image.Config), Documents.MaxConfigBytes, image.Config, cancel).ConfigureAwait(false);
        var descriptor = new Descriptor { MediaType = MediaTypes.Config, Digest = Digest.Of(bytes), Size = bytes.Length };
        ImmutableArray<Digest> diffIds = Documents.ParseConfig(bytes, descriptor).Value.Rootfs.DiffIds;
        ImmutableArray<string> paths = image.Layers ?? [];
        if (paths.Length != diffIds.Length)
            throw ArchiveFaults.Broken(file.Name, $"It lists {paths.Length} layers for an image whose config has {diffIds.Length}.");
        _made.Add(bytes);
        var layers = new Descriptor[paths.Length];
        for (int i = 0; i < layers.Length; i++) layers[i] = await LayerAsync(paths[i], diffIds[i], cancel).ConfigureAwait(false);
        Document<ImageManifest> made = Documents.WriteManifest(new() { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = descriptor, Layers = [.. layers] });
        _made.Add(made.Bytes);
        return made.Descriptor;
    }

    private async Task<Descriptor> LayerAsync(string path, Digest diffId, CancellationToken cancel)
    {
        ArchiveSpan span = Find(path);
        var start = new byte[Math.Min(Compression.MagicLength, span.Length)];
        Stream stream = file.Read(span);
        await using (stream.ConfigureAwait(false))
        {
            await stream.ReadExactlyAsync(start, cancel).ConfigureAwait(false);
            stream.Position = 0;
            (string mediaType, bool plain) = Compression.Detect(start) switch
            {
                CompressionFormat.Gzip => (MediaTypes.LayerGzip, false),
                CompressionFormat.Zstd => (MediaTypes.LayerZstd, false),
                _ => (MediaTypes.Layer, true),
            };
            // An uncompressed layer is its diffID, which is proven when it is read; a compressed one has to be hashed to know its name.
            Digest digest = plain ? diffId : await DigestAsync(path, stream, cancel).ConfigureAwait(false);
            _blobs[digest] = span;
            return new() { MediaType = mediaType, Digest = digest, Size = span.Length };
        }
    }

    private static async Task<Digest> DigestAsync(string path, Stream stream, CancellationToken cancel)
    {
        const string blobs = "blobs/sha256/";
        if (path.StartsWith(blobs, StringComparison.Ordinal) && Digest.TryParse("sha256:" + path[blobs.Length..], out Digest named)) return named;
        return Digest.OfSha256(await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancel).ConfigureAwait(false));
    }

    private ArchiveSpan Find(string path) => entries.Find(path) ?? throw ArchiveFaults.Broken(file.Name, $"Its 'manifest.json' names '{path}', which is not there.");

    private async Task<byte[]> BytesAsync(ArchiveSpan span, int limit, string path, CancellationToken cancel)
    {
        if (span.Length > limit) throw ArchiveFaults.Broken(file.Name, $"Its '{path}' is larger than {limit} bytes.");
        var bytes = new byte[span.Length];
        Stream stream = file.Read(span);
        await using (stream.ConfigureAwait(false)) await stream.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        return bytes;
    }

    // Docker writes familiar names, podman and skopeo full ones.
    private static string FullName(string name) => ImageReference.TryParse(name, out ImageReference? reference) ? reference.TagOrLatest.ToString() : name;
}

using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>Writes images as a tar: blobs by digest, then the lists that name them. Nothing of the machine or the clock is in it.</summary>
internal sealed class ArchiveWriting(IContentSource source, ArchiveFormat format, IProgress<TransferEvent>? progress)
{
    public async Task RunAsync(Stream output, ImmutableArray<StoredTag> images, CancellationToken cancel)
    {
        ArchiveGraph graph = await ArchiveGraph.ReadAsync(source, images.Select(image => image.Root), cancel).ConfigureAwait(false);
        var tar = new TarWriter(output, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            await FolderAsync(tar, "blobs", cancel).ConfigureAwait(false);
            foreach (string algorithm in graph.Blobs.Select(blob => blob.Digest.Algorithm).Distinct().Order(StringComparer.Ordinal))
                await FolderAsync(tar, $"blobs/{algorithm}", cancel).ConfigureAwait(false);
            foreach (Descriptor blob in graph.Blobs) await BlobAsync(tar, graph, blob, cancel).ConfigureAwait(false);
            await FileAsync(tar, "index.json", Index(images), cancel).ConfigureAwait(false);
            if (format == ArchiveFormat.Docker) await FileAsync(tar, "manifest.json", Manifest(graph, images), cancel).ConfigureAwait(false);
            await FileAsync(tar, "oci-layout", LayoutVersion.Text.ToArray(), cancel).ConfigureAwait(false);
            await tar.CompleteAsync(cancel).ConfigureAwait(false);
        }
    }

    private static byte[] Index(ImmutableArray<StoredTag> images)
    {
        var index = new IndexManifest { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = [.. images.Select(Entry)] };
        return JsonSerializer.SerializeToUtf8Bytes(index, OciJson.Wire.IndexManifest);
    }

    // A full name goes to containerd's annotation, and its tag to OCI's, as Docker 25 and BuildKit write them.
    private static Descriptor Entry(StoredTag image)
    {
        if (image.Name is not { } name) return LayoutNames.Bare(image.Root);
        ImageReference? full = LayoutNames.FullReference(name);
        return LayoutNames.Named(image.Root, name, full is null ? name : full.Tag ?? full.Digest?.ToString() ?? "latest");
    }

    private static byte[] Manifest(ArchiveGraph graph, ImmutableArray<StoredTag> images)
    {
        var lines = new List<(ImageManifest Image, List<string> Names)>();
        foreach (StoredTag tag in images)
        {
            if (graph.ImageOf(tag.Root) is not { } image) continue; // an index without images says nothing to Docker
            (ImageManifest Image, List<string> Names) line = lines.FirstOrDefault(line => ReferenceEquals(line.Image, image));
            if (line.Image is null) lines.Add(line = (image, []));
            if (tag.Name is { } name && LayoutNames.FullReference(name) is { Tag: { } version } full) line.Names.Add(new ImageReference(full.Registry, full.Repository, version, null).Familiar);
        }
        ImmutableArray<DockerArchiveImage> listed = [.. lines.Select(line => new DockerArchiveImage
        {
            Config = PathOf(line.Image.Config),
            RepoTags = line.Names.Count > 0 ? [.. line.Names] : null,
            Layers = [.. line.Image.Layers.Select(PathOf)],
        })];
        return JsonSerializer.SerializeToUtf8Bytes(listed, OciJson.Wire.ImmutableArrayDockerArchiveImage);
    }

    private static string PathOf(Descriptor blob) => $"blobs/{blob.Digest.Algorithm}/{blob.Digest.Encoded}";

    private async Task BlobAsync(TarWriter tar, ArchiveGraph graph, Descriptor blob, CancellationToken cancel)
    {
        progress?.Report(new(blob, TransferState.Started, 0));
        var entry = new TocEntry { Path = PathOf(blob), Kind = EntryKind.File, Mode = Modes.File, Size = blob.Size };
        Stream content = await graph.OpenAsync(blob, cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            if (content is VerifyingStream verifying && progress is not null) verifying.Moved = bytes => progress.Report(new(blob, TransferState.Moving, bytes));
            await tar.WriteAsync(entry, content, cancel).ConfigureAwait(false);
        }
        progress?.Report(new(blob, TransferState.Completed, blob.Size));
    }

    private static async Task FileAsync(TarWriter tar, string path, byte[] bytes, CancellationToken cancel)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await tar.WriteAsync(new() { Path = path, Kind = EntryKind.File, Mode = Modes.File, Size = bytes.Length }, content, cancel).ConfigureAwait(false);
    }

    private static ValueTask FolderAsync(TarWriter tar, string path, CancellationToken cancel) =>
        tar.WriteAsync(new() { Path = path, Kind = EntryKind.Directory, Mode = Modes.Directory }, null, cancel);
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>One image of an OCI layout on disk, read with the base library alone, so that our own reader is no judge of our writer.</summary>
internal sealed class BuiltImage(string layout)
{
    public string Layout => layout;

    public string Digest => Entry.GetProperty("digest").GetString()!;

    /// <summary>The layout as skopeo, buildah and umoci name it.</summary>
    public string Name => Tag is { } tag ? $"{layout}:{tag}" : layout;

    public string? Tag => Entry.TryGetProperty("annotations", out JsonElement annotations)
        && annotations.TryGetProperty("org.opencontainers.image.ref.name", out JsonElement tag) ? tag.GetString() : null;

    public JsonElement Manifest => Blob(Digest);

    public JsonElement Config => Blob(Manifest.GetProperty("config").GetProperty("digest").GetString()!);

    public IReadOnlyList<string> Layers => [.. Manifest.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("digest").GetString()!)];

    private JsonElement Entry => Parse(File.ReadAllBytes(Path.Combine(layout, "index.json"))).GetProperty("manifests")[0];

    public string PathOf(string digest) => Path.Combine(layout, "blobs", digest.Replace(':', '/'));

    /// <summary>The text of the last layer's file of that path, or of the topmost layer that has it.</summary>
    public string Read(string path)
    {
        foreach (string layer in Layers.Reverse())
        {
            using GZipStream stream = new(File.OpenRead(PathOf(layer)), CompressionMode.Decompress);
            using TarReader tar = new(stream);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.Name.TrimStart('.', '/') != path) continue;
                if (entry.EntryType == TarEntryType.HardLink) return Read(entry.LinkName.TrimStart('.', '/'));
                return entry.DataStream is { } data ? new StreamReader(data).ReadToEnd() : "";
            }
        }
        throw new FileNotFoundException($"No layer holds {path}.");
    }

    private JsonElement Blob(string digest) => Parse(File.ReadAllBytes(PathOf(digest)));

    private static JsonElement Parse(byte[] text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

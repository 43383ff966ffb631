using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>Draws an image with its platforms and all that is about them.</summary>
internal sealed class ReferrerTree(RegistryRepository repository, TextWriter output)
{
    private const int MostDepth = 8;

    private readonly HashSet<Digest> _drawn = [];

    public Task WriteAsync(Descriptor root, CancellationToken cancel) => WriteBelowAsync(root, "", MostDepth, cancel);

    private async Task WriteBelowAsync(Descriptor node, string indent, int depth, CancellationToken cancel)
    {
        if (depth == 0 || !_drawn.Add(node.Digest)) return;
        List<(string Label, Descriptor Node)> below = [];
        if (MediaTypes.IsIndex(node.MediaType) && depth == MostDepth)
        {
            Document<IndexManifest> index = await Documents.ReadIndexAsync(repository, node, cancel);
            below.AddRange(index.Value.Manifests.Select(entry => (entry.Platform?.ToString() ?? "manifest", Bare(entry))));
        }
        ImmutableArray<Descriptor> about = await repository.ListReferrersAsync(node.Digest, cancel: cancel);
        below.AddRange(about.Select(entry => (entry.ArtifactType ?? entry.MediaType, Bare(entry))));
        foreach ((int number, (string label, Descriptor child)) in below.Index())
        {
            bool last = number == below.Count - 1;
            output.WriteLine($"{indent}{(last ? "└── " : "├── ")}{label} {child.Digest}");
            await WriteBelowAsync(child, indent + (last ? "    " : "│   "), depth - 1, cancel);
        }
    }

    private static Descriptor Bare(Descriptor entry) => new() { MediaType = entry.MediaType, Digest = entry.Digest, Size = entry.Size };
}

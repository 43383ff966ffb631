using System.Collections.Immutable;
using ImageKit.Assembly;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Snapshots;

namespace ImageKit.Outputs;

/// <summary>What is handed over, and with what.</summary>
internal sealed record OutputContext
{
    /// <summary>The manifest or index.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The images.</summary>
    public required ImmutableArray<AssembledImage> Images { get; init; }

    /// <summary>The names of the build, canonical.</summary>
    public required ImmutableArray<ImageReference> Names { get; init; }

    /// <summary>The store.</summary>
    public required LayoutStore Store { get; init; }

    /// <summary>Brings blobs of the base into the store.</summary>
    public required LayerFetcher Fetcher { get; init; }

    /// <summary>The registries.</summary>
    public required RegistryClient Registry { get; init; }

    /// <summary>Is told of transfers.</summary>
    public IProgress<BuildEvent>? Progress { get; init; }

    /// <summary>Makes the images whole in the store.</summary>
    public Task CompleteAsync(CancellationToken cancel) => Task.WhenAll(
        from image in Images from layer in image.Snapshot.Layers where layer.Blob is not null select Fetcher.EnsureBlobAsync(layer.Blob!, cancel));
}

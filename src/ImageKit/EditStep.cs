using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>One step of an edit. A closed family.</summary>
public abstract record EditStep
{
    private protected EditStep()
    {
    }
}

/// <summary>Changes the configuration, adds or takes out layers, sets annotations of the manifest: of each image alike.</summary>
/// <param name="Edit">Says what to change.</param>
public sealed record ChangeStep(Action<ImageEditor> Edit) : EditStep;

/// <summary>Sets and takes away annotations of manifests, of the index and of its entries.</summary>
/// <param name="Edits">The annotations.</param>
public sealed record AnnotateStep(ImmutableArray<AnnotationEdit> Edits) : EditStep;

/// <summary>Gives manifests other media types and layers another compression.</summary>
/// <param name="Conversion">Into what.</param>
public sealed record ConvertStep(ImageConversion Conversion) : EditStep;

/// <summary>Puts the image on another base.</summary>
public sealed record RebaseStep : EditStep
{
    /// <summary>The new base; null for what the name in the image's annotation `base.name` points to now.</summary>
    public string? Onto { get; init; }

    /// <summary>The base that the image was built on; null for the one that its annotations `base.name` and `base.digest` name.</summary>
    public string? OldBase { get; init; }
}

/// <summary>Makes one layer of the upper ones; see <see cref="ImageSquash"/>.</summary>
public sealed record SquashStep : EditStep
{
    /// <summary>The base whose layers stay; null for the one that the image's annotations name, unless <see cref="Last"/> says how many.</summary>
    public string? Base { get; init; }

    /// <summary>How many layers, counted from the top, become one; null for all above the base.</summary>
    public int? Last { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); }
}

/// <summary>Makes one layer of all, in which nothing deleted is left.</summary>
public sealed record FlattenStep : EditStep;

/// <summary>Makes an index of the source and more images.</summary>
/// <param name="Names">The images and indexes, named as <see cref="EditRequest.Source"/>.</param>
public sealed record CreateIndexStep(ImmutableArray<string> Names) : EditStep;

/// <summary>Adds images to the index; one for a platform that is there takes its place.</summary>
/// <param name="Names">The images and indexes, named as <see cref="EditRequest.Source"/>.</param>
public sealed record AddToIndexStep(ImmutableArray<string> Names) : EditStep;

/// <summary>Takes images out of the index.</summary>
/// <param name="Names">Platforms or digests.</param>
public sealed record RemoveFromIndexStep(ImmutableArray<string> Names) : EditStep;

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A stage of a Dockerfile: FROM and what follows, up to the next FROM.</summary>
public sealed record Stage
{
    internal Stage()
    {
    }

    /// <summary>Position in the file, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Name in lower case; null if it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>The FROM that begins it.</summary>
    public required FromInstruction From { get; init; }

    /// <summary>The instructions after FROM.</summary>
    public required ImmutableArray<Instruction> Instructions { get; init; }

    /// <summary>The stage, <c>scratch</c>, or the image or named context it is based on.</summary>
    public required StageSource Base { get; init; }

    /// <summary>Value of <c>FROM --platform</c>, expanded; null if it is not given.</summary>
    public string? Platform { get; init; }

    /// <summary>ONBUILD triggers of the base, to be run before <see cref="Instructions"/>; they come from a base stage, or from <see cref="StageGraph.WithTriggers"/>.</summary>
    public ImmutableArray<Instruction> Triggers { get; init; } = [];

    /// <summary>Triggers, then the stage's own instructions.</summary>
    public IEnumerable<Instruction> AllInstructions => Triggers.Concat(Instructions);

    /// <summary>Name, or number if it has none.</summary>
    public override string ToString() => Name ?? Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Where a stage or a copied file comes from. Closed: <see cref="StageOutput"/>, <see cref="ScratchSource"/> or <see cref="ExternalSource"/>.</summary>
public abstract record StageSource
{
    private protected StageSource()
    {
    }
}

/// <summary>The result of another stage.</summary>
/// <param name="Index">The <see cref="Stage.Index"/> of that stage.</param>
public sealed record StageOutput(int Index) : StageSource;

/// <summary>The empty image, <c>scratch</c>.</summary>
public sealed record ScratchSource : StageSource;

/// <summary>A named context or, if there is none of that name, an image.</summary>
/// <param name="Name">The name, all variables expanded.</param>
public sealed record ExternalSource(string Name) : StageSource;

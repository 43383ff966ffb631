using System.Collections.Immutable;
using System.Globalization;

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

    /// <summary>
    /// ONBUILD triggers of the base, to be run before <see cref="Instructions"/>: those of a base stage, or of a base image once
    /// <see cref="StageGraph.WithTriggers"/> told them.
    /// </summary>
    public ImmutableArray<Instruction> Triggers { get; init; } = [];

    /// <summary>Triggers, then the stage's own instructions.</summary>
    public IEnumerable<Instruction> AllInstructions => Triggers.Concat(Instructions);

    /// <summary>Name, or number if it has none.</summary>
    public override string ToString() => Name ?? Index.ToString(CultureInfo.InvariantCulture);
}

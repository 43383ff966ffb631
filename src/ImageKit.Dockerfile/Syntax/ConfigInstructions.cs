using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary><c>WORKDIR path</c>.</summary>
public sealed record WorkdirInstruction : Instruction
{
    internal WorkdirInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The path, to be expanded; relative to the previous one.</summary>
    public Word Path => ArgumentRange.AsPart();
}

/// <summary><c>USER name|uid[:group]</c>.</summary>
public sealed record UserInstruction : Instruction
{
    internal UserInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>User and group, to be expanded.</summary>
    public Word User => ArgumentRange.AsPart();
}

/// <summary><c>EXPOSE port…</c>.</summary>
public sealed record ExposeInstruction : Instruction
{
    internal ExposeInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The ports, to be expanded with <see cref="Expansion.Words(string, Func{string, string?}, char)"/> (one word may become several) and read with <see cref="ExposedPort"/>.</summary>
    public ImmutableArray<Word> Ports => field.IsDefault ? field = WordSplitting.Words(ArgumentRange) : field;
}

/// <summary><c>VOLUME path…</c>.</summary>
public sealed record VolumeInstruction : Instruction
{
    internal VolumeInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The paths, to be expanded.</summary>
    public ImmutableArray<Word> Paths => field.IsDefault ? field = ListParser.Paths(ArgumentRange, IsJson) : field;
}

/// <summary><c>STOPSIGNAL signal</c>.</summary>
public sealed record StopsignalInstruction : Instruction
{
    internal StopsignalInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>Name or number, to be expanded; see <see cref="SignalName"/>.</summary>
    public Word Signal => ArgumentRange.AsPart();
}

/// <summary><c>MAINTAINER name</c>.</summary>
public sealed record MaintainerInstruction : Instruction
{
    internal MaintainerInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The rest of the line; not expanded.</summary>
    public Word Maintainer => ArgumentRange.AsPart();
}

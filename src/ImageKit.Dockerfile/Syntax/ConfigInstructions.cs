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
    public required Word Path { get; init; }
}

/// <summary><c>USER name|uid[:group]</c>.</summary>
public sealed record UserInstruction : Instruction
{
    internal UserInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>User and group, to be expanded.</summary>
    public required Word User { get; init; }
}

/// <summary><c>EXPOSE port…</c>.</summary>
public sealed record ExposeInstruction : Instruction
{
    internal ExposeInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The ports, to be expanded with <see cref="Expansion.Words"/> (one word may become several) and read with <see cref="ExposedPort"/>.</summary>
    public required ImmutableArray<Word> Ports { get; init; }
}

/// <summary><c>VOLUME path…</c>.</summary>
public sealed record VolumeInstruction : Instruction
{
    internal VolumeInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The paths, to be expanded.</summary>
    public required ImmutableArray<Word> Paths { get; init; }
}

/// <summary><c>STOPSIGNAL signal</c>.</summary>
public sealed record StopsignalInstruction : Instruction
{
    internal StopsignalInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>Name or number, to be expanded; see <see cref="SignalName"/>.</summary>
    public required Word Signal { get; init; }
}

/// <summary><c>MAINTAINER name</c>.</summary>
public sealed record MaintainerInstruction : Instruction
{
    internal MaintainerInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The rest of the line; not expanded.</summary>
    public required Word Maintainer { get; init; }
}

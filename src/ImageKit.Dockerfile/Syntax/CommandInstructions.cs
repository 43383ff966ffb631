using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary><c>CMD command</c>.</summary>
public sealed record CmdInstruction : Instruction
{
    internal CmdInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The command; an <see cref="ExecCommand"/> without arguments resets it.</summary>
    public CommandForm Command => field ??= CommandParser.Form(ArgumentRange, IsJson);
}

/// <summary><c>ENTRYPOINT command</c>.</summary>
public sealed record EntrypointInstruction : Instruction
{
    internal EntrypointInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The command; an <see cref="ExecCommand"/> without arguments resets it.</summary>
    public CommandForm Command => field ??= CommandParser.Form(ArgumentRange, IsJson);
}

/// <summary><c>SHELL ["program", "argument"…]</c>.</summary>
public sealed record ShellInstruction : Instruction
{
    internal ShellInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>Program and arguments; at least one.</summary>
    public ImmutableArray<Word> Shell => field.IsDefault ? field = JsonStrings.Words(ArgumentRange) : field;
}

/// <summary><c>HEALTHCHECK [flags] CMD command</c> or <c>HEALTHCHECK NONE</c>.</summary>
public sealed record HealthcheckInstruction : Instruction
{
    internal HealthcheckInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The command; null for <c>NONE</c>.</summary>
    public CommandForm? Command { get; init; }

    /// <summary>Value of <c>--interval</c>; zero means inherit.</summary>
    public DurationText Interval { get; init; }

    /// <summary>Value of <c>--timeout</c>; zero means inherit.</summary>
    public DurationText Timeout { get; init; }

    /// <summary>Value of <c>--start-period</c>; zero means inherit.</summary>
    public DurationText StartPeriod { get; init; }

    /// <summary>Value of <c>--start-interval</c>; zero means inherit.</summary>
    public DurationText StartInterval { get; init; }

    /// <summary>Value of <c>--retries</c>; zero means inherit.</summary>
    public int Retries { get; init; }
}

/// <summary><c>ONBUILD instruction</c>: runs in stages that are built on this one.</summary>
public sealed record OnbuildInstruction : Instruction
{
    internal OnbuildInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The instruction that is stored; an <see cref="InvalidInstruction"/> if it is faulty.</summary>
    public required Instruction Trigger { get; init; }

    /// <summary>The text for the image's config: the instruction as written, continuations joined, heredoc bodies behind it.</summary>
    public required string TriggerText { get; init; }
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary><c>RUN [flags] command</c>.</summary>
public sealed record RunInstruction : Instruction
{
    internal RunInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The command as written; with heredocs always a <see cref="ShellCommand"/>, whose line still holds their openings.</summary>
    public CommandForm Command => field ??= CommandParser.Form(ArgumentRange, IsJson);

    /// <summary>Values of <c>--mount</c> in order.</summary>
    public ImmutableArray<MountFlag> Mounts => Options is null ? [] : Options.Mounts;

    /// <summary>Value of <c>--network</c>.</summary>
    public RunNetwork Network => Options?.Network ?? default;

    /// <summary>Value of <c>--security</c>.</summary>
    public RunSecurity Security => Options?.Security ?? default;

    /// <summary>Values of <c>--device</c> in order.</summary>
    public ImmutableArray<DeviceFlag> Devices => Options is null ? [] : Options.Devices;

    /// <summary>The heredoc that is the whole command (<c>RUN &lt;&lt;EOF</c>); null if there is none, several, or more than it.</summary>
    public Heredoc? SoleHeredoc => Options?.SoleHeredoc;

    /// <summary>What flags and heredocs say; null without any.</summary>
    internal RunOptions? Options { get; init; }

    /// <summary>
    /// The one argument for the shell: the content of <see cref="SoleHeredoc"/>, else the command line with all heredocs put
    /// together again. Null for an <see cref="ExecCommand"/>. A sole heredoc that begins with <c>#!</c> is to be run as a file instead.
    /// </summary>
    public string? ShellText => Command is not ShellCommand shell ? null : SoleHeredoc is { } sole
        ? sole.Content
        : Heredocs.IsEmpty ? shell.Line.Text : shell.Line.Text + string.Concat(Heredocs.Select(doc => "\n" + doc.Body + doc.Name));
}

/// <summary>Values of <c>RUN --network</c>.</summary>
public enum RunNetwork
{
    /// <summary>The network of the build.</summary>
    Default,

    /// <summary>Loopback only.</summary>
    None,

    /// <summary>The network of the host; needs the entitlement <c>network.host</c>.</summary>
    Host,
}

/// <summary>Values of <c>RUN --security</c>.</summary>
public enum RunSecurity
{
    /// <summary>The sandbox.</summary>
    Sandbox,

    /// <summary>All capabilities; needs the entitlement <c>security.insecure</c>.</summary>
    Insecure,
}

/// <summary>A value of <c>RUN --device=name[,required]</c>.</summary>
/// <param name="Name">CDI name of the device.</param>
/// <param name="IsRequired">Whether the build fails without it.</param>
public sealed record DeviceFlag(Word Name, bool IsRequired);

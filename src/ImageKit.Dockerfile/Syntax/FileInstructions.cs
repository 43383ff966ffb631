using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What COPY and ADD have in common.</summary>
public abstract record FileInstruction : Instruction
{
    private protected FileInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The source paths in order, to be expanded; heredocs are not among them but in <see cref="Instruction.Heredocs"/>.</summary>
    public ImmutableArray<Word> Sources => Paths.Sources;

    /// <summary>Where to, to be expanded.</summary>
    public Word Destination => Paths.Destination;

    /// <summary>Value of <c>--chown</c>, to be expanded.</summary>
    public Word? Chown => FlagValue("chown");

    /// <summary>Value of <c>--chmod</c>, to be expanded; see <see cref="FileModeChange"/>.</summary>
    public Word? Chmod => FlagValue("chmod");

    /// <summary>Whether <c>--link</c> is on.</summary>
    public bool Link => FlagSwitch("link") ?? false;

    /// <summary>Values of <c>--exclude</c>, not expanded.</summary>
    public ImmutableArray<Word> Exclude => [.. Flags.Where(flag => flag.Name == "exclude").Select(flag => flag.Value!.Value)];

    private FilePaths Paths => field ??= FilePaths.Read(ArgumentRange, IsJson, Heredocs);
}

/// <summary><c>COPY [flags] source… destination</c>.</summary>
public sealed record CopyInstruction : FileInstruction
{
    internal CopyInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>Value of <c>--from</c>: a stage, a stage's number, a named context or an image; never expanded.</summary>
    public Word? From => FlagValue("from") is { } from && !from.AsSpan().IsEmpty ? from : null;

    /// <summary>Whether <c>--parents</c> is on.</summary>
    public bool Parents => FlagSwitch("parents") ?? false;
}

/// <summary><c>ADD [flags] source… destination</c>.</summary>
public sealed record AddInstruction : FileInstruction
{
    internal AddInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>Value of <c>--checksum</c>, to be expanded.</summary>
    public Word? Checksum => FlagValue("checksum");

    /// <summary>Value of <c>--keep-git-dir</c>; null if not given.</summary>
    public bool? KeepGitDirectory => FlagSwitch("keep-git-dir");

    /// <summary>Value of <c>--unpack</c>; null if not given (then local archives are unpacked, remote ones not).</summary>
    public bool? Unpack => FlagSwitch("unpack");
}

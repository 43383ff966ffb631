using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>One instruction of a Dockerfile. A closed family: match on the derived records.</summary>
/// <remarks>The collections compare by reference, so two instructions are equal only if they are the same one.</remarks>
public abstract record Instruction
{
    // The arguments are split when they are asked for; until then an instruction is no more than its place.
    private readonly LineRange _range;
    private readonly int _argumentStart;
    private readonly InstructionExtras? _extras;

    private protected Instruction(InstructionSource source)
    {
        Name = source.Name;
        _range = source.Range;
        _argumentStart = source.ArgumentStart;
        IsJson = source.IsJson;
        _extras = source.Extras;
    }

    /// <summary>The name as written.</summary>
    public Word Keyword => new(_range.Line.Text, _range.Start, Name.Length, _extras?.KeywordSpan ?? _range.Line.Span(_range.Start, _range.Start + Name.Length));

    /// <summary>The name in upper case.</summary>
    public string Name { get; }

    /// <summary>From the name to the end of the last argument or heredoc, without the last line end.</summary>
    public SourceSpan Span => _extras?.Span ?? _range.Span;

    /// <summary>Name, flags and arguments in one line, continuations joined; without heredoc bodies. Made anew each time.</summary>
    public string Text => _range.Text.ToString();

    /// <summary>The flags in order, known or not.</summary>
    public ImmutableArray<Flag> Flags => _extras is null ? [] : _extras.Flags;

    /// <summary>The heredocs in order; only COPY, ADD, RUN and ONBUILD of these have any.</summary>
    public ImmutableArray<Heredoc> Heredocs => _extras is null ? [] : _extras.Heredocs;

    /// <summary>The block of comment lines directly above, without <c>#</c> and trimmed.</summary>
    public ImmutableArray<Word> Comments => _extras is null ? [] : _extras.Comments;

    /// <summary>Names of the checks that <c># check=skip=…</c> directly above turns off for this instruction; <c>all</c> for every one.</summary>
    public ImmutableArray<string> SkippedChecks => _extras is null ? [] : _extras.SkippedChecks;

    /// <summary>
    /// What stands behind the flags, not expanded, as BuildKit's parser cuts it, whether or not it makes sense: the strings of a JSON array; the rest of the line as
    /// one word (RUN, CMD, ENTRYPOINT, SHELL, USER, WORKDIR, STOPSIGNAL, MAINTAINER, ONBUILD); keys and values in turn (ENV, LABEL); of HEALTHCHECK the type, then the
    /// command; words at blanks for all others. Made anew each time.
    /// </summary>
    public ImmutableArray<Word> Arguments => ArgumentWords.Of(Name, ArgumentRange, IsJson);

    /// <summary>Whether the arguments are a JSON array of strings; of HEALTHCHECK those behind CMD.</summary>
    public bool IsJson { get; }

    /// <summary>The instruction as it stands in the file: continuations, comments between its lines and heredocs included. Made anew each time.</summary>
    public string Original => _range.Line.Source.Text.Substring(Span.Start, Span.Length);

    /// <summary>The line of its end; <see cref="SourceSpan.Line"/> of <see cref="Span"/> is that of its beginning.</summary>
    public int EndLine => _range.Line.Source.Span(Span.End, Span.End).Line;

    /// <summary>Whether the instruction was read from this very text.</summary>
    internal bool IsOf(string text) => ReferenceEquals(_range.Line.Source.Text, text);

    /// <summary>The arguments behind the flags.</summary>
    private protected LineRange ArgumentRange => _range.From(_argumentStart);

    /// <summary>The value of a flag that may stand once; null if it is not given.</summary>
    private protected Word? FlagValue(string name)
    {
        foreach (Flag flag in Flags)
        {
            if (flag.Name == name) return flag.Value;
        }

        return null;
    }

    /// <summary>The value of a flag that is on or off; null if it is not given.</summary>
    private protected bool? FlagSwitch(string name)
    {
        foreach (Flag flag in Flags)
        {
            if (flag.Name == name) return flag.Value is not { } value || value.AsSpan().Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return null;
    }
}

/// <summary>An instruction that cannot be understood; a diagnostic says why. Keyword, flags, arguments and heredocs can be read nevertheless.</summary>
public sealed record InvalidInstruction : Instruction
{
    internal InvalidInstruction(InstructionSource source)
        : base(source)
    {
    }
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary><c>FROM [--platform=p] image [AS name]</c>: begins a stage.</summary>
public sealed record FromInstruction : Instruction
{
    internal FromInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The image, stage or <c>scratch</c>; expanded with global ARGs only.</summary>
    public Word Image => Words[0];

    /// <summary>Value of <c>--platform</c>; expanded with global ARGs only.</summary>
    public Word? Platform => FlagValue("platform");

    /// <summary>The word <c>AS</c> as written, if the stage has a name.</summary>
    public Word? AsKeyword => Words.Length == 3 ? Words[1] : null;

    /// <summary>The name of the stage as written; names are compared without case. Never expanded.</summary>
    public Word? StageName => Words.Length == 3 ? Words[2] : null;

    private Word[] Words => field ??= WordSplitting.AtBlanks(ArgumentRange);
}

/// <summary><c>ARG name[=default]…</c>: declares build arguments.</summary>
public sealed record ArgInstruction : Instruction
{
    internal ArgInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The arguments in order.</summary>
    public ImmutableArray<ArgDeclaration> Declarations => field.IsDefault ? field = PairParser.Declarations(ArgumentRange) : field;
}

/// <summary>One <c>name[=default]</c> of ARG.</summary>
/// <param name="Name">The name; it is not expanded.</param>
/// <param name="Default">What stands behind <c>=</c> (an empty word for <c>ARG X=</c>), to be expanded; null without <c>=</c>.</param>
public readonly record struct ArgDeclaration(Word Name, Word? Default);

/// <summary><c>ENV key=value…</c> or <c>ENV key value</c>.</summary>
public sealed record EnvInstruction : Instruction
{
    internal EnvInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The pairs in order.</summary>
    public ImmutableArray<KeyValueWords> Pairs => field.IsDefault ? field = PairParser.Pairs(ArgumentRange, IsLegacyForm) : field;

    /// <summary>Whether it is the form without <c>=</c>, which sets one key to the rest of the line.</summary>
    public bool IsLegacyForm { get; init; }
}

/// <summary><c>LABEL key=value…</c> or <c>LABEL key value</c>.</summary>
public sealed record LabelInstruction : Instruction
{
    internal LabelInstruction(InstructionSource source)
        : base(source)
    {
    }

    /// <summary>The pairs in order.</summary>
    public ImmutableArray<KeyValueWords> Pairs => field.IsDefault ? field = PairParser.Pairs(ArgumentRange, IsLegacyForm) : field;

    /// <summary>Whether it is the form without <c>=</c>, which sets one key to the rest of the line.</summary>
    public bool IsLegacyForm { get; init; }
}

/// <summary>A key and its value, both to be expanded.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value, quotes still in it; empty for <c>key=</c>.</param>
public readonly record struct KeyValueWords(Word Key, Word Value);

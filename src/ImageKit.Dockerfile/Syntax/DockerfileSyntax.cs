using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ImageKit.Dockerfile;

/// <summary>A Dockerfile, read without loss: tokens, instructions, and what is wrong with them.</summary>
/// <remarks>Immutable. The collections compare by reference.</remarks>
public sealed record DockerfileSyntax
{
    private Token[]? _tokens;

    internal DockerfileSyntax()
    {
    }

    /// <summary>The text that was parsed. All tokens, written one behind the other, are the same.</summary>
    public required string Text { get; init; }

    /// <summary>All pieces of the text in order. The text is read once more when they are asked for first.</summary>
    public ImmutableArray<Token> Tokens => ImmutableCollectionsMarshal.AsImmutableArray(_tokens ??= DockerfileReader.ReadTokens(Text, IsTrigger));

    /// <summary>The parser directives at the top, in order.</summary>
    public required ImmutableArray<ParserDirective> Directives { get; init; }

    /// <summary>
    /// The language that the file says it is in (<c>docker/dockerfile:1</c>), in any of the forms that BuildKit reads: <c># syntax=</c>, also behind a <c>#!</c> line;
    /// <c>//syntax=</c>; <c>{"syntax": "…"}</c>. Without a remark behind it. Null if it says nothing.
    /// </summary>
    public Word? Frontend { get; internal init; }

    /// <summary>The instructions in order, faulty ones as <see cref="InvalidInstruction"/>. Those of a text above a million characters are made when they are asked for first.</summary>
    public ImmutableArray<Instruction> Instructions => Kept.IsDefault ? Kept = DockerfileReader.ReadInstructions(Text, IsTrigger) : Kept;

    /// <summary>Errors and warnings by position. Checks (<see cref="Check"/>) are not run.</summary>
    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    /// <summary>The escape character: <c>\</c>, or <c>`</c> after <c># escape=`</c>.</summary>
    public required char Escape { get; init; }

    /// <summary>Whether any of <see cref="Diagnostics"/> is an error; then the file must not be built.</summary>
    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);

    /// <summary>The instructions, once they were made.</summary>
    internal ImmutableArray<Instruction> Kept { private get; set; }

    /// <summary>Whether the text is a single ONBUILD trigger, which has no directives.</summary>
    internal bool IsTrigger { get; init; }

    /// <summary>Begins to change the file.</summary>
    public DockerfileEdits Edit() => new(this);

    /// <summary>
    /// The tree in the notation of BuildKit's parser, one instruction a line: <c>(copy ["--from=a"] "x" "y")</c>. Keys and values of ENV and LABEL are followed by
    /// <c>"="</c>, in the form without it by <c>""</c>; a trigger stands in parentheses of its own. For tests and for looking at.
    /// </summary>
    public string ToTreeText() => TreeText.Write(Instructions);

    /// <summary>The text that was parsed.</summary>
    public override string ToString() => Text;
}

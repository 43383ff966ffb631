using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A Dockerfile, read without loss: tokens, instructions, and what is wrong with them.</summary>
/// <remarks>Immutable. The collections compare by reference.</remarks>
public sealed record DockerfileSyntax
{
    internal DockerfileSyntax()
    {
    }

    /// <summary>All pieces of the text in order.</summary>
    public required ImmutableArray<Token> Tokens { get; init; }

    /// <summary>The parser directives at the top, in order.</summary>
    public required ImmutableArray<ParserDirective> Directives { get; init; }

    /// <summary>The instructions in order, faulty ones as <see cref="InvalidInstruction"/>.</summary>
    public required ImmutableArray<Instruction> Instructions { get; init; }

    /// <summary>Errors and warnings by position. Checks (<see cref="Check"/>) are not run.</summary>
    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    /// <summary>The escape character: <c>\</c>, or <c>`</c> after <c># escape=`</c>.</summary>
    public required char Escape { get; init; }

    /// <summary>Whether any of <see cref="Diagnostics"/> is an error; then the file must not be built.</summary>
    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);

    /// <summary>The text that was parsed, made from the tokens.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (Token token in Tokens) text.Append(token.AsSpan());
        return text.ToString();
    }
}

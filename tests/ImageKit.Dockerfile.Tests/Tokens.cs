namespace ImageKit.Dockerfile.Tests;

internal static class Tokens
{
    /// <summary>The tokens follow each other without a gap, each knows its place, and together they are the text.</summary>
    public static void AssertLossless(string text, DockerfileSyntax file)
    {
        int at = 0;
        int line = 1;
        int lineStart = 0;
        foreach (Token token in file.Tokens)
        {
            ReadOnlySpan<char> piece = token.AsSpan();
            SourceSpan expected = new(at, piece.Length, line, at - lineStart + 1);
            if (token.Span != expected) Assert.That(token.Span, Is.EqualTo(expected), token.Text);
            if (at + piece.Length > text.Length || !text.AsSpan(at, piece.Length).SequenceEqual(piece)) Assert.Fail($"{token.Text} in {text}");
            for (int i = at; i < at + piece.Length; i++)
            {
                if (text[i] != '\n') continue;
                line++;
                lineStart = i + 1;
            }

            at += piece.Length;
        }

        if (at != text.Length || file.ToString() != text) Assert.Fail(text);
        foreach (Instruction instruction in file.Instructions) AssertInside(text, instruction);
    }

    private static void AssertInside(string text, Instruction instruction)
    {
        SourceSpan span = instruction.Span;
        bool inside = span.Start >= 0 && span.Length >= 0 && span.End <= text.Length && instruction.Keyword.Span.Start >= span.Start && instruction.Keyword.Span.Start <= span.End;
        if (!inside) Assert.Fail($"{instruction} in {text}");
    }
}

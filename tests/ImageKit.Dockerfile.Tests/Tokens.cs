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
            Assert.That((token.Span.Start, token.Span.Length, token.Span.Line, token.Span.Column), Is.EqualTo((at, token.Text.Length, line, at - lineStart + 1)), token.Text);
            for (int i = at; i < at + token.Text.Length; i++)
            {
                if (text[i] != '\n') continue;
                line++;
                lineStart = i + 1;
            }

            at += token.Text.Length;
        }

        Assert.That(file.ToString(), Is.EqualTo(text));
        foreach (Instruction instruction in file.Instructions) AssertInside(text, instruction);
    }

    private static void AssertInside(string text, Instruction instruction)
    {
        Assert.That(instruction.Span.Start, Is.InRange(0, text.Length));
        Assert.That(instruction.Span.End, Is.InRange(instruction.Span.Start, text.Length));
        Assert.That(instruction.Keyword.Span.Start, Is.InRange(instruction.Span.Start, instruction.Span.End));
    }
}

using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Writes the tokens of a file anew.</summary>
internal sealed class FormatWriter(DockerfileSyntax file, FormatOptions options)
{
    private readonly StringBuilder _text = new();
    private readonly string _newLine = file.Tokens.FirstOrDefault(token => token.Kind == TokenKind.NewLine) is { Span.Length: 2 } ? "\r\n" : "\n";

    public string Write()
    {
        bool[] posix = PosixShells.Of(file);
        ImmutableArray<Token> tokens = file.Tokens;
        int at = 0;
        for (int i = 0; i < file.Instructions.Length; i++)
        {
            int start = IndexAt(at, file.Instructions[i].Keyword.Span.Start);
            Between(tokens.AsSpan(at, start - at), isTop: i == 0);
            int end = EndOf(start, file.Instructions[i]);
            new InstructionFormat(file, file.Instructions[i], posix[i], options, _newLine).Write(tokens.AsSpan(start, end - start), _text);
            at = end;
        }

        Between(tokens.AsSpan()[at..], isTop: file.Instructions.IsEmpty);
        // One line end at the end of the file, whatever stood there.
        if (_text.Length == 0) return "";
        while (_text.Length > 0 && _text[^1] is '\n' or '\r' or ' ' or '\t') _text.Length--;
        return _text.Append(_newLine).ToString();
    }

    // Comments and empty lines. Above the first instruction an indentation can keep a comment from being a directive, so it stays there.
    private void Between(ReadOnlySpan<Token> tokens, bool isTop)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            Token token = tokens[i];
            bool beforeComment = i + 1 < tokens.Length && tokens[i + 1].Kind is TokenKind.Comment or TokenKind.Directive;
            if (token.Kind == TokenKind.Blank && !(isTop && beforeComment)) continue;
            if (token.Kind == TokenKind.Comment) _text.Append(token.AsSpan().TrimEnd());
            else _text.Append(token.AsSpan());
        }
    }

    private int IndexAt(int from, int position)
    {
        while (from < file.Tokens.Length && file.Tokens[from].Span.Start < position) from++;
        return from;
    }

    // Behind the line end of the instruction's last line, heredocs included.
    private int EndOf(int start, Instruction instruction)
    {
        int at = start;
        while (at < file.Tokens.Length && file.Tokens[at].Span.Start < instruction.Span.End) at++;
        bool continues = at > start && file.Tokens[at - 1].Kind == TokenKind.Continuation;
        for (; at < file.Tokens.Length; at++)
        {
            TokenKind kind = file.Tokens[at].Kind;
            if (kind is TokenKind.Keyword or TokenKind.Directive) break;
            if (kind == TokenKind.Continuation) continues = true;
            if (kind != TokenKind.NewLine) continue;
            if (!continues) return at + 1;
            // A continuation whose instruction has ended runs to the end of the file or into comments and empty lines.
        }

        return at;
    }
}

using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Walks over the physical lines once and makes tokens and instructions of them.</summary>
internal sealed class DockerfileReader(string text, bool readsDirectives)
{
    /// <summary>Longest physical line, in bytes of UTF-8 without its <c>\n</c>.</summary>
    private const int MaxLineBytes = 65535;

    private readonly List<Word> _comments = [];
    private readonly DirectiveReader _directiveReader = new(readsDirectives);
    private int _line;

    public SourceText Source { get; } = new(text);

    public List<Token> Tokens { get; } = [];

    public List<ParserDirective> Directives => _directiveReader.Directives;

    public List<Instruction> Instructions { get; } = [];

    public List<Diagnostic> Diagnostics { get; } = [];

    public char Escape => _directiveReader.Escape;

    public void ReadAll()
    {
        if (text.Length == 0) return;
        while (_line < Source.LineCount)
        {
            SourceLine line = NextLine();
            int start = line.Start;
            if (start == 0 && text[0] == '\uFEFF') AddToken(TokenKind.ByteOrderMark, 0, ++start);
            int content = SkipBlanks(start, line.ContentEnd);
            AddToken(TokenKind.Blank, start, content);
            if (content == line.ContentEnd) EmptyLine(line);
            else if (text[content] == '#') CommentLine(content, line);
            else ReadInstruction(content, line);
        }
    }

    private void EmptyLine(SourceLine line)
    {
        _directiveReader.Close();
        _comments.Clear();
        AddToken(TokenKind.NewLine, line.ContentEnd, line.End);
    }

    private void CommentLine(int start, SourceLine line)
    {
        bool isDirective = _directiveReader.Read(Source, start, line.ContentEnd, Diagnostics);
        AddToken(isDirective ? TokenKind.Directive : TokenKind.Comment, start, line.ContentEnd);
        AddToken(TokenKind.NewLine, line.ContentEnd, line.End);
        if (isDirective) return;
        string comment = text[(start + 1)..line.ContentEnd].Trim();
        // A bare '#' cuts the block of comments off from what follows.
        if (comment.Length == 0) _comments.Clear();
        else _comments.Add(new(comment, Source.Span(start, line.ContentEnd)));
    }

    private void ReadInstruction(int start, SourceLine first)
    {
        _directiveReader.Close();
        LineAssembly assembly = Assemble(start, first);
        InstructionHeader header = InstructionHeader.Read(new LineRange(assembly.Line, 0, assembly.Line.Text.Length));
        ImmutableArray<Heredoc> heredocs = ReadHeredocs(header, assembly);
        InstructionContext context = new()
        {
            Header = header,
            Heredocs = heredocs,
            Comments = [.. _comments],
            Escape = Escape,
            Diagnostics = Diagnostics,
        };
        Instructions.Add(InstructionParser.Parse(context));
        Tokens.AddRange(assembly.ToTokens(Source));
        _comments.Clear();
    }

    private LineAssembly Assemble(int start, SourceLine line)
    {
        LineAssembly assembly = new(Source);
        int firstEmpty = -1;
        bool continues = assembly.Add(start, line, Escape);
        while (continues && _line < Source.LineCount)
        {
            line = NextLine();
            int content = SkipBlanks(line.Start, line.ContentEnd);
            if (content == line.ContentEnd)
            {
                if (firstEmpty < 0) firstEmpty = line.Start;
                assembly.AddBlank(line);
            }
            else if (text[content] == '#')
            {
                assembly.AddComment(content, line);
            }
            else
            {
                continues = assembly.Add(line.Start, line, Escape);
            }
        }

        if (firstEmpty >= 0) Diagnostics.Add(Faults.EmptyContinuation(Source.Span(firstEmpty, firstEmpty)));
        return assembly;
    }

    private ImmutableArray<Heredoc> ReadHeredocs(InstructionHeader header, LineAssembly assembly)
    {
        if (!header.MayHaveHeredocs || !assembly.Line.Text.Contains("<<", StringComparison.Ordinal)) return [];
        ImmutableArray<Heredoc>.Builder heredocs = ImmutableArray.CreateBuilder<Heredoc>();
        foreach (HeredocOpening opening in HeredocOpening.FindAll(assembly.Line))
        {
            int start = _line < Source.LineCount ? Source.Line(_line).Start : text.Length;
            SourceLine? terminator = FindTerminator(opening);
            int end = terminator?.Start ?? text.Length;
            assembly.AddHeredoc(start, end, terminator);
            heredocs.Add(opening.ToHeredoc(text[start..end], Source.Span(start, end)));
            if (terminator is not null) continue;
            Diagnostics.Add(Faults.UnterminatedHeredoc(opening.Word.Span, opening.Name));
            break;
        }

        return heredocs.ToImmutable();
    }

    private SourceLine? FindTerminator(HeredocOpening opening)
    {
        while (_line < Source.LineCount)
        {
            SourceLine line = NextLine();
            ReadOnlySpan<char> content = text.AsSpan(line.Start, line.ContentEnd - line.Start);
            if (opening.StripTabs) content = content.TrimStart('\t');
            if (content.SequenceEqual(opening.Name)) return line;
        }

        return null;
    }

    private SourceLine NextLine()
    {
        SourceLine line = Source.Line(_line++);
        int length = line.End - line.Start;
        // No UTF-16 unit takes more than three bytes, so short lines need no count.
        if (length * 3 > MaxLineBytes && Encoding.UTF8.GetByteCount(text.AsSpan(line.Start, length).TrimEnd('\n')) > MaxLineBytes)
        {
            Diagnostics.Add(Faults.LineTooLong(Source.Span(line.Start, line.ContentEnd), MaxLineBytes));
        }

        return line;
    }

    private int SkipBlanks(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        return start;
    }

    private void AddToken(TokenKind kind, int start, int end)
    {
        if (end > start) Tokens.Add(new(kind, text, Source.Span(start, end)));
    }
}

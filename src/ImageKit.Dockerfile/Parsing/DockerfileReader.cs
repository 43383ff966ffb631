using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Walks over the physical lines once and makes tokens and instructions of them.</summary>
internal sealed class DockerfileReader
{
    /// <summary>Longest physical line, in bytes of UTF-8 without its <c>\n</c>.</summary>
    private const int MaxLineBytes = 65535;

    private readonly string _text;
    private readonly List<Word> _comments = [];
    private readonly InstructionContext _context;
    private readonly DirectiveReader _directiveReader;
    private readonly LineAssembly _assembly;
    private readonly List<Token>? _tokens; // null unless they are wanted
    private int _line;
    private bool _isTooLong; // whether a line since the last instruction was

    public DockerfileReader(string text, ReadParts parts, bool isTrigger = false)
    {
        bool collectsTokens = parts == ReadParts.Tokens;
        _text = text;
        Source = new(text);
        _directiveReader = new(!isTrigger);
        _assembly = new(Source, collectsTokens);
        _context = new() { Words = [], Diagnostics = Diagnostics };
        if (collectsTokens) _tokens = new(EstimateTokens(text, Source.LineCount));
        if (parts == ReadParts.Instructions) Instructions = [];
    }

    public SourceText Source { get; }

    public List<ParserDirective> Directives => _directiveReader.Directives;

    /// <summary>The instructions; null unless they are wanted.</summary>
    public List<Instruction>? Instructions { get; }

    public FileRules Rules { get; } = new();

    public FaultList Diagnostics { get; } = new();

    public char Escape => _directiveReader.Escape;

    /// <summary>Reads a text for its tokens alone.</summary>
    public static Token[] ReadTokens(string text, bool isTrigger)
    {
        DockerfileReader reader = new(text, ReadParts.Tokens, isTrigger);
        reader.ReadAll();
        return [.. reader._tokens!];
    }

    /// <summary>Reads a text for its instructions alone.</summary>
    public static ImmutableArray<Instruction> ReadInstructions(string text, bool isTrigger)
    {
        DockerfileReader reader = new(text, ReadParts.Instructions, isTrigger);
        reader.ReadAll();
        return [.. reader.Instructions!];
    }

    public void ReadAll()
    {
        if (_text.Length == 0) return;
        while (_line < Source.LineCount)
        {
            SourceLine line = NextLine();
            int start = line.Start;
            if (start == 0 && _text[0] == '\uFEFF') AddToken(TokenKind.ByteOrderMark, 0, ++start);
            int content = SkipBlanks(start, line.ContentEnd);
            AddToken(TokenKind.Blank, start, content);
            if (content == line.ContentEnd) EmptyLine(line);
            else if (_text[content] == '#') CommentLine(content, line);
            else ReadInstruction(content, line);
        }
    }

    // A list that grows copies what it holds; so it begins with what a usual file needs: a token for each line, and for each ten characters.
    private static int EstimateTokens(string text, int lines) => lines + (text.Length / 10);

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
        Word comment = new Word(_text, start + 1, line.ContentEnd - start - 1, Source.Span(start, line.ContentEnd)).Trim();
        // A bare '#' cuts the block of comments off from what follows.
        if (comment.AsSpan().IsEmpty) _comments.Clear();
        else _comments.Add(comment);
    }

    private void ReadInstruction(int start, SourceLine first)
    {
        _directiveReader.Close();
        Source.Escape = Escape;
        Assemble(start, first);
        InstructionHeader header = InstructionHeader.Read(_assembly.Line);
        ImmutableArray<Heredoc> heredocs = _isTooLong ? [] : ReadHeredocs(header);
        _context.Begin(header, heredocs, _comments.Count == 0 ? [] : [.. _comments]);
        // No build gets past a line that is too long, so what its megabytes mean is not worth the time.
        Instruction instruction = _isTooLong ? new InvalidInstruction(_context.ToSource()) : InstructionParser.Parse(_context);
        _isTooLong = false;
        Rules.See(header);
        Instructions?.Add(instruction);
        if (_tokens is not null) _assembly.AddTokens(_tokens);
        _comments.Clear();
    }

    private void Assemble(int start, SourceLine line)
    {
        int firstEmpty = -1;
        bool continues = _assembly.Begin(start, line, Escape);
        while (continues && _line < Source.LineCount)
        {
            line = NextLine();
            int content = SkipBlanks(line.Start, line.ContentEnd);
            if (content == line.ContentEnd)
            {
                if (firstEmpty < 0) firstEmpty = line.Start;
                _assembly.AddBlank(line);
            }
            else if (_text[content] == '#')
            {
                _assembly.AddComment(content, line);
            }
            else
            {
                continues = _assembly.Add(line, Escape);
            }
        }

        _assembly.Finish();
        if (firstEmpty >= 0) Diagnostics.Add(Faults.EmptyContinuation(Source.Span(firstEmpty, firstEmpty)));
    }

    private ImmutableArray<Heredoc> ReadHeredocs(InstructionHeader header)
    {
        if (!header.MayHaveHeredocs || !_assembly.Line.Text.Contains("<<", StringComparison.Ordinal)) return [];
        ImmutableArray<Heredoc>.Builder heredocs = ImmutableArray.CreateBuilder<Heredoc>();
        foreach (HeredocOpening opening in HeredocOpening.FindAll(_assembly.Line))
        {
            int start = _line < Source.LineCount ? Source.Line(_line).Start : _text.Length;
            SourceLine? terminator = FindTerminator(opening);
            int end = terminator?.Start ?? _text.Length;
            _assembly.AddHeredoc(start, end, terminator);
            heredocs.Add(opening.ToHeredoc(_text, Source.Span(start, end)));
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
            ReadOnlySpan<char> content = _text.AsSpan(line.Start, line.ContentEnd - line.Start);
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
        if (length * 3 > MaxLineBytes && Encoding.UTF8.GetByteCount(_text.AsSpan(line.Start, length).TrimEnd('\n')) > MaxLineBytes)
        {
            _isTooLong = true;
            Diagnostics.Add(Faults.LineTooLong(Source.Span(line.Start, line.ContentEnd), MaxLineBytes));
        }

        return line;
    }

    private int SkipBlanks(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(_text[start])) start++;
        return start;
    }

    private void AddToken(TokenKind kind, int start, int end)
    {
        if (end > start) _tokens?.Add(new(kind, _text, Source.Span(start, end)));
    }
}

/// <summary>What a reading keeps beside directives and faults.</summary>
internal enum ReadParts
{
    /// <summary>Nothing.</summary>
    Faults,

    /// <summary>The instructions.</summary>
    Instructions,

    /// <summary>The tokens.</summary>
    Tokens,
}

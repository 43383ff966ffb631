using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Writes the lines of one instruction.</summary>
internal sealed class InstructionFormat(DockerfileSyntax file, Instruction instruction, bool isPosix, FormatOptions options, string newLine)
{
    private readonly QuoteScanner _scanner = new(instruction is RunInstruction or CmdInstruction or EntrypointInstruction or HealthcheckInstruction ? '\\' : file.Escape);

    private int _words; // of HEALTHCHECK, whose first one is CMD or NONE

    /// <summary>Writes the tokens from the keyword to the last line end.</summary>
    public void Write(ReadOnlySpan<Token> tokens, StringBuilder text)
    {
        List<FormatLine> lines = Split(tokens);
        foreach (FormatLine line in lines.Where(line => line.IsBody)) line.Indent = 0;
        if (options.SortLists && instruction is RunInstruction { Command: ShellCommand } && isPosix) PackageSort.Apply(lines);
        Shift(lines);
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].IsEmpty && i > 0) continue;
            text.Append(' ', Math.Max(0, lines[i].Indent)).Append(lines[i].Content).Append(lines[i].End);
        }
    }

    private List<FormatLine> Split(ReadOnlySpan<Token> tokens)
    {
        List<FormatLine> lines = [];
        int at = 0;
        while (at < tokens.Length)
        {
            if (tokens[at].Kind is TokenKind.HeredocBody or TokenKind.HeredocEnd)
            {
                lines.Add(new() { IsBody = true, Content = tokens[at++].Text });
                continue;
            }

            int end = at;
            while (end < tokens.Length && tokens[end].Kind != TokenKind.NewLine && tokens[end].Kind is not (TokenKind.HeredocBody or TokenKind.HeredocEnd)) end++;
            lines.Add(Line(tokens[at..end], isFirst: lines.Count == 0, afterBody: lines.Count > 0 && lines[^1].IsBody, hasEnd: end < tokens.Length && tokens[end].Kind == TokenKind.NewLine));
            at = end < tokens.Length && tokens[end].Kind == TokenKind.NewLine ? end + 1 : end;
        }

        return lines;
    }

    private FormatLine Line(ReadOnlySpan<Token> tokens, bool isFirst, bool afterBody, bool hasEnd)
    {
        FormatLine line = new() { End = hasEnd ? newLine : "", IsBody = afterBody };
        StringBuilder content = new();
        int first = 0;
        if (!isFirst && tokens.Length > 0 && tokens[0].Kind == TokenKind.Blank)
        {
            line.Indent = Width(tokens[0].AsSpan());
            line.HadBlank = true;
            first = 1;
        }

        line.Leading = first == 1 ? tokens[0].Text : "";
        line.IsEmpty = !afterBody && first == tokens.Length;
        line.IsComment = first < tokens.Length && tokens[first].Kind == TokenKind.Comment;
        line.CanMove = !isFirst && !line.IsComment && !line.IsEmpty && MayMove() && _scanner.IsPlain && (line.HadBlank || _scanner.IsBehindBlank);
        if (!line.IsComment && !line.IsEmpty && first == 1) _scanner.Feed(tokens[0].AsSpan());
        for (int i = first; i < tokens.Length; i++) Append(content, tokens, i, isFirst);
        line.Content = line.IsComment ? content.ToString().TrimEnd() : content.ToString();
        return line;
    }

    private void Append(StringBuilder content, ReadOnlySpan<Token> tokens, int index, bool isFirst)
    {
        Token token = tokens[index];
        bool isLast = index == tokens.Length - 1;
        switch (token.Kind)
        {
            case TokenKind.Continuation:
                content.Append(token.AsSpan().TrimEnd());
                return;
            case TokenKind.Comment:
                content.Append(token.AsSpan());
                return;
            case TokenKind.Blank when isLast:
                return;
            case TokenKind.Blank when isFirst && index == 1 && instruction is not OnbuildInstruction:
                content.Append(' ');
                _scanner.Feed(' ');
                return;
        }

        if (IsCased(token)) content.Append(options.IsLowerCase ? token.Text.ToLowerInvariant() : token.Text.ToUpperInvariant());
        else content.Append(token.AsSpan());
        _scanner.Feed(token.AsSpan());
    }

    // The keyword, AS, and the CMD or NONE of HEALTHCHECK. Of ONBUILD the image keeps the trigger as it is written.
    private bool IsCased(Token token) =>
        token.Span.Start == instruction.Keyword.Span.Start
        || (instruction is FromInstruction { AsKeyword: { } word } && token.Span.Start == word.Span.Start)
        || (instruction is HealthcheckInstruction && token.Kind == TokenKind.Word && ++_words == 1);

    private bool MayMove() => instruction switch
    {
        RunInstruction { Command: ShellCommand } or CmdInstruction { Command: ShellCommand } or EntrypointInstruction { Command: ShellCommand } => isPosix,
        HealthcheckInstruction { Command: ShellCommand } => isPosix,
        EnvInstruction env => !env.IsLegacyForm,
        LabelInstruction label => !label.IsLegacyForm,
        WorkdirInstruction or UserInstruction or StopsignalInstruction or MaintainerInstruction or OnbuildInstruction or InvalidInstruction => false,
        _ => true,
    };

    // A line that is deeper than the one before it comes one step deeper, one that is not goes back to the step of its like; so blocks of shell scripts keep their shape,
    // whatever they were aligned with. Lists have one step. Comments go with the line below them.
    private void Shift(List<FormatLine> lines)
    {
        bool isScript = instruction is RunInstruction or CmdInstruction or EntrypointInstruction or HealthcheckInstruction;
        Stack<int> steps = new();
        foreach (FormatLine line in lines.Skip(1).Where(line => line.CanMove))
        {
            while (steps.TryPeek(out int deeper) && deeper > line.Indent) steps.Pop();
            if (!steps.TryPeek(out int same) || same < line.Indent) steps.Push(line.Indent);
            line.Indent = options.Indent * (isScript ? steps.Count : 1);
        }

        int below = options.Indent;
        for (int i = lines.Count - 1; i > 0; i--)
        {
            FormatLine line = lines[i];
            if (line.IsBody || line.IsEmpty) continue;
            if (line.CanMove)
            {
                below = line.Indent;
            }
            else if (line.IsComment)
            {
                line.Indent = below;
            }
            else
            {
                line.Content = line.Leading + line.Content;
                line.Indent = 0;
            }
        }
    }

    private static int Width(ReadOnlySpan<char> blanks)
    {
        int width = 0;
        foreach (char c in blanks) width = c == '\t' ? (width / 4 * 4) + 4 : width + 1;
        return width;
    }
}

/// <summary>A line of an instruction.</summary>
internal sealed class FormatLine
{
    /// <summary>What stands behind the indentation.</summary>
    public string Content { get; set; } = "";

    /// <summary>The line end; empty if the file ends without one, and for bodies of heredocs, which have their own.</summary>
    public string End { get; init; } = "";

    /// <summary>The indentation in blanks.</summary>
    public int Indent { get; set; }

    /// <summary>The indentation as written.</summary>
    public string Leading { get; set; } = "";

    /// <summary>Whether it is indented at all.</summary>
    public bool HadBlank { get; set; }

    /// <summary>Whether its indentation means nothing.</summary>
    public bool CanMove { get; set; }

    /// <summary>Whether it is a comment between continued lines.</summary>
    public bool IsComment { get; set; }

    /// <summary>Whether nothing stands in it.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>Whether it is of a heredoc.</summary>
    public bool IsBody { get; init; }
}

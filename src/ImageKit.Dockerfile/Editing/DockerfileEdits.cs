using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Changes to a Dockerfile that leave all other text as it is: comments, blanks, line ends, continuations.</summary>
/// <remarks>
/// Immutable: every method gives new edits. All refer to the file as it was parsed, in whatever order they are added; <see cref="Apply"/> makes
/// the new file. Text that is put in gets the line ends of the file.
/// </remarks>
public sealed class DockerfileEdits
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" \t\v\f\"'\\");

    private readonly DockerfileSyntax _file;
    private readonly ImmutableArray<TextChange> _changes;

    /// <summary>No changes yet.</summary>
    /// <param name="file">The file to change.</param>
    public DockerfileEdits(DockerfileSyntax file)
        : this(file ?? throw new ArgumentNullException(nameof(file)), [])
    {
    }

    private DockerfileEdits(DockerfileSyntax file, ImmutableArray<TextChange> changes)
    {
        _file = file;
        _changes = changes;
    }

    /// <summary>Puts another image behind FROM; platform and name of the stage stay.</summary>
    /// <param name="from">A FROM of the file.</param>
    /// <param name="image">The reference, a stage's name or <c>scratch</c>.</param>
    /// <exception cref="ArgumentException">The image is empty or holds blanks, or the FROM is not of this file.</exception>
    public DockerfileEdits ReplaceImage(FromInstruction from, string image)
    {
        Check(from);
        ArgumentException.ThrowIfNullOrEmpty(image);
        if (image.Any(char.IsWhiteSpace)) throw new ArgumentException($"An image has no blanks: '{image}'.", nameof(image));
        return Replace(from.Image.Span, image);
    }

    /// <summary>Gives a flag another value, or adds the flag.</summary>
    /// <param name="instruction">An instruction of the file, or the trigger of an ONBUILD.</param>
    /// <param name="name">The name without dashes. Of flags that are repeated the first is changed.</param>
    /// <param name="value">The value, quoted if it has to be; null for a flag without one.</param>
    /// <exception cref="ArgumentException">Name or value cannot stand in a flag, or the instruction is not of this file.</exception>
    public DockerfileEdits SetFlag(Instruction instruction, string name, string? value)
    {
        Check(instruction);
        string text = "--" + CheckName(name) + (value is null ? "" : "=" + Quote(value));
        Flag flag = instruction.Flags.FirstOrDefault(flag => flag.Name == name);
        if (flag.Name is not null) return Replace(flag.Span, text);
        return Add(new(instruction.Keyword.Span.End, 0, " " + text));
    }

    /// <summary>Takes all flags of a name away, with the blanks before them; nothing if there is none.</summary>
    /// <param name="instruction">An instruction of the file, or the trigger of an ONBUILD.</param>
    /// <param name="name">The name without dashes.</param>
    /// <exception cref="ArgumentException">The instruction is not of this file.</exception>
    public DockerfileEdits RemoveFlag(Instruction instruction, string name)
    {
        Check(instruction);
        DockerfileEdits edits = this;
        foreach (Flag flag in instruction.Flags.Where(flag => flag.Name == name))
        {
            int start = flag.Span.Start;
            while (_file.Text[start - 1] is ' ' or '\t') start--;
            edits = edits.Add(new(start, flag.Span.End - start, ""));
        }

        return edits;
    }

    /// <summary>Puts instructions before one, and before the comments directly above it.</summary>
    /// <param name="instruction">An instruction of the file.</param>
    /// <param name="text">One or more whole lines; the last line end may be left out.</param>
    /// <exception cref="ArgumentException">The text is empty, or the instruction is not of this file.</exception>
    public DockerfileEdits InsertBefore(Instruction instruction, string text)
    {
        Check(instruction);
        int start = instruction.Comments.IsEmpty ? StartOfLines(instruction) : StartOfLine(instruction.Comments[0].Span.Start);
        return Add(new(start, 0, Lines(text) + NewLine));
    }

    /// <summary>Puts instructions behind one, and behind its heredocs.</summary>
    /// <param name="instruction">An instruction of the file.</param>
    /// <param name="text">One or more whole lines; the last line end may be left out.</param>
    /// <exception cref="ArgumentException">The text is empty, or the instruction is not of this file.</exception>
    public DockerfileEdits InsertAfter(Instruction instruction, string text)
    {
        Check(instruction);
        int end = instruction.Span.End;
        // Without a line end, or with a continuation that nothing follows, the new lines come at once.
        if (EndOfLines(end) is { } next && _file.Text[next - 1] == '\n') return Add(new(next, 0, Lines(text) + NewLine));
        return Add(new(end, 0, NewLine + Lines(text)));
    }

    /// <summary>Puts instructions at the end of the file.</summary>
    /// <param name="text">One or more whole lines; the last line end may be left out.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public DockerfileEdits Append(string text)
    {
        if (!_file.Instructions.IsEmpty) return InsertAfter(_file.Instructions[^1], text);
        bool ended = _file.Text.Length == 0 || _file.Text[^1] is '\n' or '\uFEFF';
        return Add(new(_file.Text.Length, 0, (ended ? "" : NewLine) + Lines(text) + NewLine));
    }

    /// <summary>Puts other text in the place of an instruction and its heredocs; its comments stay.</summary>
    /// <param name="instruction">An instruction of the file.</param>
    /// <param name="text">One or more whole lines; the last line end may be left out.</param>
    /// <exception cref="ArgumentException">The text is empty, or the instruction is not of this file.</exception>
    public DockerfileEdits Replace(Instruction instruction, string text)
    {
        Check(instruction);
        return Replace(instruction.Span, Lines(text));
    }

    /// <summary>Takes an instruction with its lines and heredocs away; the comments above it stay.</summary>
    /// <param name="instruction">An instruction of the file.</param>
    /// <exception cref="ArgumentException">The instruction is not of this file.</exception>
    public DockerfileEdits Remove(Instruction instruction)
    {
        Check(instruction);
        int start = StartOfLines(instruction);
        int end = EndOfLines(instruction.Span.End) ?? _file.Text.Length;
        // A comment that comes to stand directly at the top could be taken for a directive.
        bool isFirst = start == (_file.Directives.IsEmpty ? StartOfLine(0) : EndOfLines(_file.Directives[^1].Span.End));
        return Add(new(start, end - start, isFirst && _file.Text.AsSpan(end).TrimStart().StartsWith("#") ? NewLine : ""));
    }

    /// <summary>Puts other text in any place; the line ends are yours.</summary>
    /// <param name="span">The place, of a word or token of the file.</param>
    /// <param name="text">The new text.</param>
    /// <exception cref="ArgumentException">The place does not lie in the file.</exception>
    public DockerfileEdits Replace(SourceSpan span, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (span.Start < 0 || span.Length < 0 || span.End > _file.Text.Length) throw new ArgumentException("The place does not lie in the file.", nameof(span));
        return Add(new(span.Start, span.Length, text));
    }

    /// <summary>Makes the changed file.</summary>
    /// <exception cref="InvalidOperationException">Two changes are of the same text.</exception>
    public DockerfileSyntax Apply()
    {
        StringBuilder text = new(_file.Text.Length);
        int copied = 0;
        foreach (TextChange change in _changes.OrderBy(change => change.Start).ThenBy(change => change.Length))
        {
            if (change.Start < copied) throw new InvalidOperationException("Two changes are of the same text.");
            text.Append(_file.Text, copied, change.Start - copied).Append(change.Text);
            copied = change.Start + change.Length;
        }

        return DockerfileParser.Parse(text.Append(_file.Text, copied, _file.Text.Length - copied).ToString());
    }

    private string NewLine => _file.Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private DockerfileEdits Add(TextChange change) => new(_file, _changes.Add(change));

    private void Check(Instruction instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        if (!instruction.IsOf(_file.Text)) throw new ArgumentException("The instruction is not of this file.", nameof(instruction));
    }

    private string Lines(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return text.ReplaceLineEndings("\n").TrimEnd('\n').Replace("\n", NewLine, StringComparison.Ordinal);
    }

    // An instruction may begin with lines that hold nothing but a continuation.
    private int StartOfLines(Instruction instruction)
    {
        int start = StartOfLine(instruction.Span.Start);
        while (start > 1)
        {
            int previous = StartOfLine(start - 1);
            if (_file.Text.AsSpan(previous, start - previous).Trim() is not [char c] || c != _file.Escape) return start;
            start = previous;
        }

        return start;
    }

    private int StartOfLine(int at)
    {
        int start = at == 0 ? 0 : _file.Text.LastIndexOf('\n', at - 1) + 1;
        return start == 0 && _file.Text is ['\uFEFF', ..] ? 1 : start;
    }

    // Where the line behind an instruction's end begins; null if its last line is continued and nothing follows.
    private int? EndOfLines(int end)
    {
        int newLine = _file.Text.IndexOf('\n', end);
        int lineEnd = newLine < 0 ? _file.Text.Length : newLine + 1;
        return _file.Text.AsSpan(end, lineEnd - end).IsWhiteSpace() ? lineEnd : null;
    }

    private static string CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) return name;
        throw new ArgumentException($"A flag's name is of letters, digits and dashes: '{name}'.", nameof(name));
    }

    // In flags the backslash escapes, whatever the escape character of the file is.
    private static string Quote(string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0) throw new ArgumentException("A flag's value is of one line.", nameof(value));
        if (!value.Any(char.IsWhiteSpace) && !value.AsSpan().ContainsAny(NeedQuotes)) return value;
        return $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private readonly record struct TextChange(int Start, int Length, string Text);
}

using ImageKit.Dockerfile;

namespace ImageKit.Lowering;

/// <summary>Expands words of instructions.</summary>
internal static class Texts
{
    private const int LongestName = 160;

    /// <summary>A word with its variables expanded.</summary>
    /// <exception cref="BuildException">It cannot be expanded (IK4002).</exception>
    public static string Expand(Word word, StageState state, LoweringInput input)
    {
        ExpansionResult result = Expansion.Expand(word.Text, state.Lookup, input.Escape);
        return result.Error is null ? result.Text : throw Fault(word, result.Error, input);
    }

    /// <summary>A word with its variables expanded and then split.</summary>
    /// <inheritdoc cref="Expand" path="/exception"/>
    public static IEnumerable<string> ExpandWords(Word word, StageState state, LoweringInput input)
    {
        ExpansionResult result = Expansion.Words(word.Text, state.Lookup, input.Escape);
        return result.Error is null ? result.Words : throw Fault(word, result.Error, input);
    }

    /// <summary>A fault of a word's value, with its place.</summary>
    public static BuildException Fault(Word word, string message, LoweringInput input, string mend = "") =>
        new("IK4002", $"'{word.Text}' cannot be used: {message}.", "", mend) { File = input.File, Span = word.Span };

    /// <summary>An instruction in one line, for people.</summary>
    public static string OneLine(Instruction instruction)
    {
        string text = instruction.Name + instruction.Text[instruction.Keyword.Text.Length..].ReplaceLineEndings(" ");
        return text.Length <= LongestName ? text : text[..LongestName] + "…";
    }
}

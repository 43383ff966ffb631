using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Writes instructions in the notation of BuildKit's parser.</summary>
internal static class TreeText
{
    public static string Write(ImmutableArray<Instruction> instructions)
    {
        StringBuilder text = new();
        foreach (Instruction instruction in instructions)
        {
            Append(text, instruction);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Instruction instruction)
    {
        text.Append('(').Append(instruction.Name.ToLowerInvariant());
        if (!instruction.Flags.IsEmpty) text.Append(' ').Append(GoQuote.QuoteAll(instruction.Flags.Select(Written)));
        if (instruction is OnbuildInstruction onbuild)
        {
            text.Append(' ');
            Append(text, onbuild.Trigger);
        }
        else
        {
            foreach (string part in Parts(instruction)) text.Append(' ').Append(GoQuote.Quote(part));
        }

        text.Append(')');
    }

    private static IEnumerable<string> Parts(Instruction instruction)
    {
        ImmutableArray<Word> words = instruction.Arguments;
        if (instruction.Name is not ("ENV" or "LABEL") || words.Length < 2) return words.Select(word => word.Text);
        string separator = instruction is EnvInstruction { IsLegacyForm: true } or LabelInstruction { IsLegacyForm: true } ? "" : "=";
        return words.Chunk(2).SelectMany(pair => pair.Select(word => word.Text).Append(separator));
    }

    private static string Written(Flag flag) => flag.Value is { } value ? $"--{flag.Name}={value.Text}" : $"--{flag.Name}";
}

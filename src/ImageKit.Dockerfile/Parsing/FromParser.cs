using System.Buffers;

namespace ImageKit.Dockerfile;

/// <summary>Reads FROM.</summary>
internal static class FromParser
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly KnownFlag[] Flags = [new("platform", FlagKind.Text)];

    public static FromInstruction? Parse(InstructionContext context)
    {
        _ = new FlagReader(context, Flags);
        Word[] words = WordSplitting.AtBlanks(context.Arguments);
        bool named = words.Length == 3 && words[1].AsSpan().Equals("as", StringComparison.OrdinalIgnoreCase);
        if (words.Length != 1 && !named)
        {
            context.ArgumentError("FROM requires either one or three arguments", "Write 'FROM image' or 'FROM image AS name'.");
            return null;
        }

        if (named && !IsStageName(words[2].AsSpan())) context.Error(Faults.StageName(words[2]));
        return new(context.ToSource());
    }

    private static bool IsStageName(ReadOnlySpan<char> name) =>
        char.IsAsciiLetter(name[0]) && !name.ContainsAnyExcept(NameCharacters);
}

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
        FlagReader flags = new(context, Flags);
        Word[] words = WordSplitting.AtBlanks(context.Arguments);
        bool named = words.Length == 3 && words[1].AsSpan().Equals("as", StringComparison.OrdinalIgnoreCase);
        if (words.Length != 1 && !named)
        {
            context.ArgumentError("FROM requires either one or three arguments", "Write 'FROM image' or 'FROM image AS name'.");
            return null;
        }

        if (named && !IsStageName(words[2].AsSpan())) context.Error(Faults.StageName(words[2]));
        if (flags.Text("platform") is { } platform && Expansion.IsPlain(platform.AsSpan(), context.Escape) && PlatformShape.Fault(platform.Text) is { } fault)
            context.Error(Faults.Value(platform.Span, fault, "Write an operating system and an architecture: linux/amd64, linux/arm/v7."));
        return new(context.ToSource());
    }

    private static bool IsStageName(ReadOnlySpan<char> name) =>
        char.IsAsciiLetter(name[0]) && !name.ContainsAnyExcept(NameCharacters);
}

namespace ImageKit.Dockerfile;

/// <summary>Reads FROM.</summary>
internal static class FromParser
{
    public static FromInstruction? Parse(InstructionContext context)
    {
        FlagReader flags = new(context, ("platform", FlagKind.Text));
        List<Word> words = WordSplitting.AtBlanks(context.Arguments);
        bool named = words.Count == 3 && words[1].Text.Equals("as", StringComparison.OrdinalIgnoreCase);
        if (words.Count != 1 && !named)
        {
            context.ArgumentError("FROM requires either one or three arguments", "Write 'FROM image' or 'FROM image AS name'.");
            return null;
        }

        if (named && !IsStageName(words[2].Text)) context.Error(Faults.StageName(words[2]));
        return new(context.ToSource())
        {
            Image = words[0],
            Platform = flags.Text("platform"),
            AsKeyword = named ? words[1] : null,
            StageName = named ? words[2] : null,
        };
    }

    private static bool IsStageName(string name) =>
        char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

namespace ImageKit.Dockerfile;

/// <summary>Checks of sources against the build context.</summary>
internal static class ContextChecks
{
    public static IEnumerable<Violation> IgnoredFile(CheckedFile file)
    {
        if (file.Options.Ignore is not { IsEmpty: false } ignore) yield break;
        foreach ((FileInstruction instruction, Word word, string source) in Sources(file))
        {
            if (PathPattern.HasWildcards(source)) continue;
            string path = Clean(source);
            if (path.Length == 0 ? !HidesAll(ignore) : !ignore.CanSkipDirectory(path)) continue;
            string verb = instruction is AddInstruction ? "Add" : "Copy";
            yield return new(
                word.Span,
                $"Attempting to {verb} file {GoQuote.Quote(path.Length == 0 ? "." : path)} that is excluded by .dockerignore",
                "Bring it back in the ignore file with a line that begins with '!', or copy something else.");
        }
    }

    public static IEnumerable<Violation> Wildcard(CheckedFile file) =>
        from source in Sources(file)
        where PathPattern.HasWildcards(source.Text) && file.Options.CountMatches(source.Text) == 0
        select new Violation(
            source.Word.Span,
            $"Nothing in the build context matches {GoQuote.Quote(source.Text)}, and {source.Instruction.Name} copies nothing for it",
            "Correct the pattern, or look into the ignore file.");

    // The sources that come from the build context, expanded.
    internal static IEnumerable<(FileInstruction Instruction, Word Word, string Text)> Sources(CheckedFile file) =>
        from use in file.FileUses
        where use.File is AddInstruction or CopyInstruction { From: null }
        from source in use.File.Sources.Zip(use.Sources)
        where source.Second is not null && !IsRemote(source.Second)
        select (use.File, source.First, source.Second);

    // A name that nobody gives a file stands for all names.
    private static bool HidesAll(IgnorePatterns ignore) => !ignore.HasExceptions && ignore.IsIgnored("\u0001", isDirectory: false);

    internal static bool IsRemote(string source) => source.Contains("://", StringComparison.Ordinal) || source.StartsWith("git@", StringComparison.Ordinal);

    /// <summary>A path below the context's root, without dots and slashes at its ends; dots that lead above it stop there.</summary>
    internal static string Clean(string path)
    {
        List<string> names = [];
        foreach (string name in path.Split('/'))
        {
            if (name is "" or ".") continue;
            if (name != "..") names.Add(name);
            else if (names.Count > 0) names.RemoveAt(names.Count - 1);
        }

        return string.Join('/', names);
    }
}

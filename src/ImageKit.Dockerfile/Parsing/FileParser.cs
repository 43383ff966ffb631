using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Reads COPY and ADD.</summary>
internal static class FileParser
{
    public static CopyInstruction? Copy(InstructionContext context)
    {
        FlagReader flags = new(
            context,
            ("chown", FlagKind.Text), ("chmod", FlagKind.Text), ("link", FlagKind.Switch), ("exclude", FlagKind.Texts),
            ("from", FlagKind.Text), ("parents", FlagKind.Switch));
        if (Paths(context) is not { } paths) return null;
        Word? from = flags.Text("from");
        if (from is { } name && HasVariable(name.Text)) context.Error(Faults.VariableInFrom(name.Span));
        return new(context.ToSource())
        {
            Sources = paths.Sources,
            Destination = paths.Destination,
            IsJsonForm = context.Header.Json == JsonForm.Strings,
            Chown = flags.Text("chown"),
            Chmod = flags.Text("chmod"),
            Link = flags.Switch("link") ?? false,
            Exclude = flags.Texts("exclude"),
            From = from is { Text: "" } ? null : from,
            Parents = flags.Switch("parents") ?? false,
        };
    }

    public static AddInstruction? Add(InstructionContext context)
    {
        FlagReader flags = new(
            context,
            ("chown", FlagKind.Text), ("chmod", FlagKind.Text), ("link", FlagKind.Switch), ("exclude", FlagKind.Texts),
            ("checksum", FlagKind.Text), ("keep-git-dir", FlagKind.Switch), ("unpack", FlagKind.Switch));
        if (Paths(context) is not { } paths) return null;
        return new(context.ToSource())
        {
            Sources = paths.Sources,
            Destination = paths.Destination,
            IsJsonForm = context.Header.Json == JsonForm.Strings,
            Chown = flags.Text("chown"),
            Chmod = flags.Text("chmod"),
            Link = flags.Switch("link") ?? false,
            Exclude = flags.Texts("exclude"),
            Checksum = flags.Text("checksum"),
            KeepGitDirectory = flags.Switch("keep-git-dir"),
            Unpack = flags.Switch("unpack"),
        };
    }

    /// <summary>Whether a text holds a dollar sign that something follows.</summary>
    public static bool HasVariable(string text)
    {
        int dollar = text.IndexOf('$');
        return dollar >= 0 && dollar + 1 < text.Length;
    }

    private static (ImmutableArray<Word> Sources, Word Destination)? Paths(InstructionContext context)
    {
        List<Word> words = context.Header.Json == JsonForm.Strings ? context.Header.JsonWords : WordSplitting.AtBlanks(context.Arguments);
        if (words.Count < 2)
        {
            string message = $"{context.Name} requires at least two arguments, but only one was provided. Destination could not be determined";
            context.ArgumentError(message, $"Write '{context.Name} source destination'.");
            return null;
        }

        Word destination = words[^1];
        if (HeredocOpening.Parse(destination) is not null)
        {
            context.Error(Faults.HeredocDestination(destination.Span, context.Name));
            return null;
        }

        IEnumerable<Word> sources = words.Take(words.Count - 1);
        return ([.. sources.Where(word => context.Heredocs.IsEmpty || HeredocOpening.Parse(word) is null)], destination);
    }
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Reads COPY and ADD.</summary>
internal static class FileParser
{
    private static readonly KnownFlag[] CopyFlags =
    [
        new("chown", FlagKind.Text), new("chmod", FlagKind.Text), new("link", FlagKind.Switch), new("exclude", FlagKind.Texts),
        new("from", FlagKind.Text), new("parents", FlagKind.Switch),
    ];

    private static readonly KnownFlag[] AddFlags =
    [
        new("chown", FlagKind.Text), new("chmod", FlagKind.Text), new("link", FlagKind.Switch), new("exclude", FlagKind.Texts),
        new("checksum", FlagKind.Text), new("keep-git-dir", FlagKind.Switch), new("unpack", FlagKind.Switch),
    ];

    public static CopyInstruction? Copy(InstructionContext context)
    {
        FlagReader flags = new(context, CopyFlags);
        if (Paths(context) is not { } paths) return null;
        if (flags.Text("from") is { } from && HasVariable(from.AsSpan())) context.Error(Faults.VariableInFrom(from.Span));
        return new(context.ToSource())
        {
            Sources = paths.Sources,
            Destination = paths.Destination,
            IsJsonForm = context.Header.Json == JsonForm.Strings,
        };
    }

    public static AddInstruction? Add(InstructionContext context)
    {
        _ = new FlagReader(context, AddFlags);
        if (Paths(context) is not { } paths) return null;
        return new(context.ToSource())
        {
            Sources = paths.Sources,
            Destination = paths.Destination,
            IsJsonForm = context.Header.Json == JsonForm.Strings,
        };
    }

    /// <summary>Whether a text holds a dollar sign that something follows.</summary>
    public static bool HasVariable(ReadOnlySpan<char> text)
    {
        int dollar = text.IndexOf('$');
        return dollar >= 0 && dollar + 1 < text.Length;
    }

    private static (ImmutableArray<Word> Sources, Word Destination)? Paths(InstructionContext context)
    {
        ReadOnlySpan<Word> words = context.Header.Json == JsonForm.Strings ? context.Header.JsonWords.AsSpan() : WordSplitting.AtBlanks(context.Arguments);
        if (words.Length < 2)
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

        ReadOnlySpan<Word> sources = words[..^1];
        if (context.Heredocs.IsEmpty) return ([.. sources], destination);
        return ([.. sources.ToArray().Where(word => HeredocOpening.Parse(word) is null)], destination);
    }
}

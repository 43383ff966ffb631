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
        if (!HasPaths(context)) return null;
        if (flags.Text("from") is { } from && HasVariable(from.AsSpan())) context.Error(Faults.VariableInFrom(from.Span));
        FileValues.Check(context, flags);
        return new(context.ToSource());
    }

    public static AddInstruction? Add(InstructionContext context)
    {
        FlagReader flags = new(context, AddFlags);
        if (!HasPaths(context)) return null;
        FileValues.Check(context, flags);
        return new(context.ToSource());
    }

    /// <summary>Whether a text holds a dollar sign that something follows.</summary>
    public static bool HasVariable(ReadOnlySpan<char> text)
    {
        int dollar = text.IndexOf('$');
        return dollar >= 0 && dollar + 1 < text.Length;
    }

    private static bool HasPaths(InstructionContext context)
    {
        bool isJson = context.Header.Json == JsonForm.Strings;
        ImmutableArray<Word> json = isJson ? JsonStrings.Words(context.Arguments) : [];
        if ((isJson ? json.Length : WordSplitting.MarkAtBlanks(context.Arguments)) < 2)
        {
            string message = $"{context.Name} requires at least two arguments, but only one was provided. Destination could not be determined";
            context.ArgumentError(message, $"Write '{context.Name} source destination'.");
            return false;
        }

        Word destination = isJson ? json[^1] : WordSplitting.LastAtBlanks(context.Arguments).AsPart();
        if (!destination.AsSpan().Contains("<<", StringComparison.Ordinal) || HeredocOpening.Parse(destination) is null) return true;
        context.Error(Faults.HeredocDestination(destination.Span, context.Name));
        return false;
    }
}

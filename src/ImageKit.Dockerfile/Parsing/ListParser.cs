using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Reads the instructions that take a list of words, or the rest of the line as one.</summary>
internal static class ListParser
{
    public static ExposeInstruction? Expose(InstructionContext context)
    {
        _ = new FlagReader(context);
        Word[] words = WordSplitting.AtBlanks(context.Arguments);
        if (words.Length == 0)
        {
            context.ArgumentError("EXPOSE requires at least one argument", "Write 'EXPOSE 80' or 'EXPOSE 53/udp'.");
            return null;
        }

        foreach (Word word in words)
        {
            if (IsPort(word.AsSpan()) || !Expansion.IsPlain(word.AsSpan(), context.Escape)) continue;
            if (ExposedPort.Parse(word.Text, out _) is { } fault) context.Error(Faults.Value(word.Span, fault, "Write 80, 53/udp or 8000-8010."));
        }

        return new(context.ToSource());
    }

    public static VolumeInstruction? Volume(InstructionContext context)
    {
        _ = new FlagReader(context);
        ImmutableArray<Word> paths = Paths(context.Arguments, context.Header.Json == JsonForm.Strings);
        if (paths.IsEmpty)
        {
            context.ArgumentError("VOLUME requires at least one argument", "Write 'VOLUME /data'.");
            return null;
        }

        foreach (Word path in paths)
        {
            if (path.AsSpan().IsEmpty) context.Error(Faults.Value(path.Span, "VOLUME specified can not be an empty string", "Write an absolute path."));
        }

        return new(context.ToSource());
    }

    /// <summary>The paths of a VOLUME.</summary>
    public static ImmutableArray<Word> Paths(LineRange arguments, bool isJson) =>
        isJson ? [.. JsonStrings.Words(arguments).Select(word => word.Trim())] : WordSplitting.Words(arguments);

    public static WorkdirInstruction? Workdir(InstructionContext context)
    {
        _ = new FlagReader(context);
        return HasRestOfLine(context) ? new(context.ToSource()) : null;
    }

    public static UserInstruction? User(InstructionContext context)
    {
        _ = new FlagReader(context);
        return HasRestOfLine(context) ? new(context.ToSource()) : null;
    }

    public static MaintainerInstruction? Maintainer(InstructionContext context)
    {
        _ = new FlagReader(context);
        return HasRestOfLine(context) ? new(context.ToSource()) : null;
    }

    public static StopsignalInstruction? Stopsignal(InstructionContext context)
    {
        // No FlagReader: BuildKit drops flags of STOPSIGNAL without a word, whatever they are.
        if (!HasRestOfLine(context)) return null;
        Word signal = context.Arguments.AsPart();
        if (Expansion.IsPlain(signal.AsSpan(), context.Escape) && !SignalName.IsValid(signal.Text))
        {
            context.Error(Faults.Value(signal.Span, $"Invalid signal: {signal.Text}", "Write a name as SIGTERM, or a number."));
        }

        return new(context.ToSource());
    }

    private static bool HasRestOfLine(InstructionContext context)
    {
        CommandParser.MarkLine(context);
        if (!context.Arguments.IsEmpty) return true;
        context.ArgumentError($"{context.Name} requires exactly one argument", $"Write '{context.Name} value'.");
        return false;
    }

    // Most ports are a number that needs no closer look.
    private static bool IsPort(ReadOnlySpan<char> text) => text.Length is > 0 and < 5 && !text.ContainsAnyExceptInRange('0', '9');
}

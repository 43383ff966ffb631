using System.Collections.Immutable;
using System.Runtime.InteropServices;

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

        return new(context.ToSource()) { Ports = ImmutableCollectionsMarshal.AsImmutableArray(words) };
    }

    public static VolumeInstruction? Volume(InstructionContext context)
    {
        _ = new FlagReader(context);
        ReadOnlySpan<Word> words = context.Header.Json == JsonForm.Strings ? context.Header.JsonWords.AsSpan() : WordSplitting.AtBlanks(context.Arguments);
        if (words.Length == 0)
        {
            context.ArgumentError("VOLUME requires at least one argument", "Write 'VOLUME /data'.");
            return null;
        }

        ImmutableArray<Word>.Builder paths = ImmutableArray.CreateBuilder<Word>(words.Length);
        foreach (Word word in words)
        {
            Word path = word.Trim();
            if (path.AsSpan().IsEmpty) context.Error(Faults.Value(word.Span, "VOLUME specified can not be an empty string", "Write an absolute path."));
            paths.Add(path);
        }

        return new(context.ToSource()) { Paths = paths.MoveToImmutable() };
    }

    public static WorkdirInstruction? Workdir(InstructionContext context)
    {
        _ = new FlagReader(context);
        return RestOfLine(context) is { } path ? new(context.ToSource()) { Path = path } : null;
    }

    public static UserInstruction? User(InstructionContext context)
    {
        _ = new FlagReader(context);
        return RestOfLine(context) is { } user ? new(context.ToSource()) { User = user } : null;
    }

    public static MaintainerInstruction? Maintainer(InstructionContext context)
    {
        _ = new FlagReader(context);
        return RestOfLine(context) is { } name ? new(context.ToSource()) { Maintainer = name } : null;
    }

    public static StopsignalInstruction? Stopsignal(InstructionContext context)
    {
        // No FlagReader: BuildKit drops flags of STOPSIGNAL without a word, whatever they are.
        if (RestOfLine(context) is not { } signal) return null;
        if (Expansion.IsPlain(signal.AsSpan(), context.Escape) && !SignalName.IsValid(signal.Text))
        {
            context.Error(Faults.Value(signal.Span, $"Invalid signal: {signal.Text}", "Write a name as SIGTERM, or a number."));
        }

        return new(context.ToSource()) { Signal = signal };
    }

    private static Word? RestOfLine(InstructionContext context)
    {
        if (!context.Arguments.IsEmpty) return CommandParser.Line(context.Arguments);
        context.ArgumentError($"{context.Name} requires exactly one argument", $"Write '{context.Name} value'.");
        return null;
    }

    // Most ports are a number that needs no closer look.
    private static bool IsPort(ReadOnlySpan<char> text) => text.Length is > 0 and < 5 && !text.ContainsAnyExceptInRange('0', '9');
}

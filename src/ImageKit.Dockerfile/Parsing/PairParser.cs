using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Reads ARG, ENV and LABEL.</summary>
internal static class PairParser
{
    public static ArgInstruction? Arg(InstructionContext context)
    {
        // No FlagReader: BuildKit drops flags of ARG without a word, whatever they are.
        if (!HasWords(context, "Write 'ARG name' or 'ARG name=default'.")) return null;
        foreach (LineRange word in context.Words)
        {
            word.Line.Mark(word.Start, word.End, TokenKind.Word);
            if (word.Text[0] == '=') context.Error(Faults.Arguments(word.Span, "ARG names can not be blank", "Write 'ARG name=default'."));
        }

        return new(context.ToSource());
    }

    public static EnvInstruction? Env(InstructionContext context) => IsLegacy(context) is { } legacy ? new(context.ToSource()) { IsLegacyForm = legacy } : null;

    public static LabelInstruction? Label(InstructionContext context) => IsLegacy(context) is { } legacy ? new(context.ToSource()) { IsLegacyForm = legacy } : null;

    /// <summary>The declarations of an ARG that was checked.</summary>
    public static ImmutableArray<ArgDeclaration> Declarations(LineRange arguments) =>
        [.. WordSplitting.Quoted(arguments).Select(Cut).Select(pair => new ArgDeclaration(pair.Name, pair.Value))];

    /// <summary>The pairs of an ENV or LABEL that was checked.</summary>
    public static ImmutableArray<KeyValueWords> Pairs(LineRange arguments, bool isLegacy)
    {
        if (!isLegacy) return [.. WordSplitting.Quoted(arguments).Select(Cut).Select(pair => new KeyValueWords(pair.Name, pair.Value!.Value))];
        (LineRange key, LineRange value) = WordSplitting.SplitFirst(arguments);
        return [new(key.AsPart(), value.AsPart())];
    }

    // Whether it is the form without '='; null if it is faulty.
    private static bool? IsLegacy(InstructionContext context)
    {
        _ = new FlagReader(context);
        if (!HasWords(context, $"Write '{context.Name} key=value'.")) return null;
        if (!context.Words[0].Text.Contains('=')) return Legacy(context);
        foreach (LineRange word in context.Words)
        {
            word.Line.Mark(word.Start, word.End, TokenKind.Word);
            int equals = word.Text.IndexOf('=');
            if (equals < 0)
            {
                string message = $"Syntax error - can't find = in {GoQuote.Quote(word.Text.ToString())}. Must be of the form: name=value";
                context.Error(Faults.Arguments(word.Span, message, "Put values that hold blanks in quotes."));
            }
            else if (equals == 0)
            {
                context.Error(Faults.Arguments(word.Span, $"{context.Name} names can not be blank", $"Write '{context.Name} key=value'."));
            }
        }

        return false;
    }

    private static bool? Legacy(InstructionContext context)
    {
        (LineRange key, LineRange value) = WordSplitting.SplitFirst(context.Arguments);
        key.Line.Mark(key.Start, key.End, TokenKind.Word);
        value.Line.Mark(value.Start, value.End, TokenKind.Word);
        if (!value.IsEmpty) return true;
        context.ArgumentError($"{context.Name} must have two arguments", $"Write '{context.Name} key=value'.");
        return null;
    }

    private static bool HasWords(InstructionContext context, string mend)
    {
        WordSplitting.Quoted(context.Arguments, context.Words);
        if (context.Words.Count > 0) return true;
        context.ArgumentError($"{context.Name} requires at least one argument", mend);
        return false;
    }

    private static (Word Name, Word? Value) Cut(LineRange word)
    {
        int equals = word.Text.IndexOf('=');
        if (equals < 0) return (word.AsPart(), null);
        return (word.To(word.Start + equals).AsPart(), word.From(word.Start + equals + 1).AsPart());
    }
}

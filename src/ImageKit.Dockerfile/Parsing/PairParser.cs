using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Reads ARG, ENV and LABEL.</summary>
internal static class PairParser
{
    public static ArgInstruction? Arg(InstructionContext context)
    {
        // No FlagReader: BuildKit drops flags of ARG without a word, whatever they are.
        List<LineRange> words = WordSplitting.Quoted(context.Arguments, context.Escape);
        if (words.Count == 0)
        {
            context.ArgumentError("ARG requires at least one argument", "Write 'ARG name' or 'ARG name=default'.");
            return null;
        }

        ImmutableArray<ArgDeclaration>.Builder declarations = ImmutableArray.CreateBuilder<ArgDeclaration>(words.Count);
        foreach (LineRange word in words)
        {
            (Word name, Word? value) = Cut(word);
            if (name.AsSpan().IsEmpty) context.Error(Faults.Arguments(word.Span, "ARG names can not be blank", "Write 'ARG name=default'."));
            declarations.Add(new(name, value));
        }

        return new(context.ToSource()) { Declarations = declarations.MoveToImmutable() };
    }

    public static EnvInstruction? Env(InstructionContext context) => Pairs(context) is not { } pairs
        ? null
        : new(context.ToSource()) { Pairs = pairs.Pairs, IsLegacyForm = pairs.Legacy };

    public static LabelInstruction? Label(InstructionContext context) => Pairs(context) is not { } pairs
        ? null
        : new(context.ToSource()) { Pairs = pairs.Pairs, IsLegacyForm = pairs.Legacy };

    private static (ImmutableArray<KeyValueWords> Pairs, bool Legacy)? Pairs(InstructionContext context)
    {
        _ = new FlagReader(context);
        List<LineRange> words = WordSplitting.Quoted(context.Arguments, context.Escape);
        if (words.Count == 0)
        {
            context.ArgumentError($"{context.Name} requires at least one argument", $"Write '{context.Name} key=value'.");
            return null;
        }

        if (!words[0].Text.Contains('=')) return Legacy(context);
        ImmutableArray<KeyValueWords>.Builder pairs = ImmutableArray.CreateBuilder<KeyValueWords>(words.Count);
        foreach (LineRange word in words)
        {
            (Word key, Word? value) = Cut(word);
            if (value is null)
            {
                string message = $"Syntax error - can't find = in {GoQuote.Quote(key.Text)}. Must be of the form: name=value";
                context.Error(Faults.Arguments(word.Span, message, "Put values that hold blanks in quotes."));
            }
            else if (key.AsSpan().IsEmpty)
            {
                context.Error(Faults.Arguments(word.Span, $"{context.Name} names can not be blank", $"Write '{context.Name} key=value'."));
            }

            pairs.Add(new(key, value ?? key));
        }

        return (pairs.MoveToImmutable(), false);
    }

    private static (ImmutableArray<KeyValueWords>, bool)? Legacy(InstructionContext context)
    {
        (LineRange key, LineRange value) = WordSplitting.SplitFirst(context.Arguments);
        if (!value.IsEmpty) return ([new(key.AsWord(), value.AsWord())], true);
        context.ArgumentError($"{context.Name} must have two arguments", $"Write '{context.Name} key=value'.");
        return null;
    }

    private static (Word Key, Word? Value) Cut(LineRange word)
    {
        // Key and value are one token; their spans lie inside of it.
        word.Line.Mark(word.Start, word.End, TokenKind.Word);
        int equals = word.Text.IndexOf('=');
        if (equals < 0) return (word.AsPart(), null);
        return ((word with { End = word.Start + equals }).AsPart(), word.From(word.Start + equals + 1).AsPart());
    }
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Cuts the arguments of any instruction, faulty ones too, as BuildKit's parser does.</summary>
internal static class ArgumentWords
{
    public static ImmutableArray<Word> Of(string name, LineRange arguments, bool isJson)
    {
        if (arguments.IsEmpty) return [];
        switch (name)
        {
            case "HEALTHCHECK":
                (LineRange type, LineRange command) = WordSplitting.SplitFirst(arguments);
                return [type.AsPart(), .. isJson ? JsonStrings.Words(command) : command.IsEmpty ? [] : [command.AsPart()]];
            case "ENV" or "LABEL":
                return Pairs(arguments);
            case "ARG":
                return [.. WordSplitting.Quoted(arguments).Select(word => word.AsPart())];
        }

        if (isJson) return JsonStrings.Words(arguments);
        return name is "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" or "USER" or "WORKDIR" or "STOPSIGNAL" or "MAINTAINER" or "ONBUILD"
            ? [arguments.AsPart()]
            : WordSplitting.Words(arguments);
    }

    private static ImmutableArray<Word> Pairs(LineRange arguments)
    {
        List<LineRange> words = WordSplitting.Quoted(arguments);
        if (words.Count == 0) return [];
        if (!words[0].Text.Contains('='))
        {
            (LineRange key, LineRange value) = WordSplitting.SplitFirst(arguments);
            return value.IsEmpty ? [key.AsPart()] : [key.AsPart(), value.AsPart()];
        }

        ImmutableArray<Word>.Builder parts = ImmutableArray.CreateBuilder<Word>(2 * words.Count);
        foreach (LineRange word in words)
        {
            int equals = word.Text.IndexOf('=');
            parts.Add(equals < 0 ? word.AsPart() : word.To(word.Start + equals).AsPart());
            if (equals >= 0) parts.Add(word.From(word.Start + equals + 1).AsPart());
        }

        return parts.ToImmutable();
    }
}

using System.CommandLine;

namespace ImageKit.Cli.Parsing;

/// <summary>
/// `run` and Docker agree that options end at the image's name: all behind it belongs to the command. The parser wants a `--` to know.
/// </summary>
internal static class RunArguments
{
    /// <summary>Puts `--` before the image's name of `run [OPTIONS] IMAGE [COMMAND...]`; other commands stay as they are.</summary>
    public static string[] Separate(string[] arguments, IEnumerable<Option> options)
    {
        if (arguments is not ["run", ..]) return arguments;
        HashSet<string> valued = [.. options.Where(option => option.ValueType != typeof(bool) && option.Arity.MinimumNumberOfValues > 0)
            .SelectMany(option => option.Aliases.Append(option.Name))];
        int at = 1;
        while (at < arguments.Length && arguments[at].StartsWith('-') && arguments[at] != "--") at += TakesNext(arguments[at], valued) ? 2 : 1;
        return at >= arguments.Length || arguments[at] == "--" ? arguments : [.. arguments[..at], "--", .. arguments[at..]];
    }

    // `-e A=b` takes the next word, `-eA=b` and `--env=A=b` do not; in `-itw /x` the last letter decides.
    private static bool TakesNext(string argument, HashSet<string> valued)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal)) return !argument.Contains('=') && valued.Contains(argument);
        for (int i = 1; i < argument.Length; i++)
        {
            if (valued.Contains("-" + argument[i])) return i == argument.Length - 1;
        }
        return false;
    }
}

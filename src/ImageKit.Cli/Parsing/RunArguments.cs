using System.CommandLine;

namespace ImageKit.Cli.Parsing;

/// <summary>
/// `run` and Docker agree that options end at the image's name: all behind it belongs to the command. The parser wants a `--` to know.
/// </summary>
internal sealed class RunArguments
{
    private readonly HashSet<string> _known, _valued;

    /// <summary>Reads by the options of `run`.</summary>
    public RunArguments(IEnumerable<Option> options)
    {
        Option[] all = [.. options];
        _known = [.. all.SelectMany(Names)];
        _valued = [.. all.Where(option => option.ValueType != typeof(bool) && option.Arity.MinimumNumberOfValues > 0).SelectMany(Names)];
    }

    /// <summary>Puts `--` before the image's name of `run [OPTIONS] IMAGE [COMMAND...]`; other commands stay as they are.</summary>
    public string[] Separate(string[] arguments)
    {
        if (arguments is not ["run", ..]) return arguments;
        int image = 1 + Flags(arguments).Count();
        return image >= arguments.Length || arguments[image] == "--" ? arguments : [.. arguments[..image], "--", .. arguments[image..]];
    }

    /// <summary>
    /// The flags of `run` and their values, up to the image's name, a word each; of letters in one word (`-itd`), the first that is unknown stands
    /// for the word. The values are empty.
    /// </summary>
    public IEnumerable<string> Flags(string[] arguments)
    {
        int at = 1;
        while (at < arguments.Length && arguments[at].StartsWith('-') && arguments[at].Length > 1 && arguments[at] != "--")
        {
            yield return UnknownLetter(arguments[at]) ?? arguments[at];
            if (!TakesNext(arguments[at++]) || at >= arguments.Length) continue;
            at++;
            yield return "";
        }
    }

    // Of `-itd` the `-d`; null if all letters are options, or the rest is a value.
    private string? UnknownLetter(string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal) || word.Length <= 2) return null;
        for (int i = 1; i < word.Length && word[i] != '='; i++)
        {
            string letter = "-" + word[i];
            if (!_known.Contains(letter)) return letter;
            if (_valued.Contains(letter)) return null;
        }
        return null;
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Append(option.Name);

    // `-e A=b` takes the next word, `-eA=b` and `--env=A=b` do not; in `-itw /x` the last letter decides.
    private bool TakesNext(string argument)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal)) return !argument.Contains('=') && _valued.Contains(argument);
        for (int i = 1; i < argument.Length; i++)
        {
            if (_valued.Contains("-" + argument[i])) return i == argument.Length - 1;
        }
        return false;
    }
}

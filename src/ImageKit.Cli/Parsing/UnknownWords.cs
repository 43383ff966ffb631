using System.CommandLine;
using System.CommandLine.Parsing;

namespace ImageKit.Cli.Parsing;

/// <summary>Finds words that are neither commands nor options, and what was probably meant.</summary>
internal static class UnknownWords
{
    /// <summary>A usage error for the first unknown flag or command of <paramref name="parsed"/>; null if all are known.</summary>
    public static UsageException? Find(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = PathOf(parsed.CommandResult);
        // An unknown flag is taken for an argument by the parser; what stands behind `--` may begin as it likes.
        IEnumerable<string> words = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Where(token => token.Type == TokenType.Argument).Select(token => token.Value);
        HashSet<string> values = [.. parsed.CommandResult.Children.OfType<OptionResult>().SelectMany(option => option.Tokens).Select(token => token.Value)];
        string? flag = words.FirstOrDefault(word => word.Length > 1 && word[0] == '-' && !values.Contains(word));
        if (flag is not null)
            return Unknown($"'{path}' knows no flag {flag.Split('=')[0]}.", flag.Split('=')[0], command.Options.SelectMany(option => option.Aliases.Append(option.Name)), path);
        if (command is RootCommand && parsed.UnmatchedTokens.Count > 0)
            return Unknown($"There is no command '{parsed.UnmatchedTokens[0]}'.", parsed.UnmatchedTokens[0], command.Subcommands.Select(sub => sub.Name), path);
        return null;
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "imagekit";

    private static UsageException Unknown(string what, string word, IEnumerable<string> known, string path)
    {
        string? near = known.Where(name => name.Length > 2).MinBy(name => Distance(name, word));
        string help = $"'{path} --help' lists what there is.";
        return new UsageException(what, near is not null && Distance(near, word) <= Math.Max(1, word.Length / 3) ? $"Did you mean {near}? {help}" : help);
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}

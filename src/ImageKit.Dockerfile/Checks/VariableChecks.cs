using System.Buffers;
using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Checks of what variables hold and whether they are set.</summary>
internal static class VariableChecks
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public static IEnumerable<Violation> UndefinedInFrom(CheckedFile file)
    {
        string[] known = [.. file.Graph.GlobalArgs.Keys.Concat(PredefinedArguments.PlatformNames).Order(StringComparer.Ordinal)];
        if (known.Length > DidYouMean.MaxOptions) known = [];
        return from instruction in file.Froms
               from word in new[] { instruction.Image, instruction.Platform ?? default }
               where word.Text is not null
               from name in Expansion.Expand(word.Text, file.Graph.GlobalOrEmpty, file.Syntax.Escape).Undefined
               select new Violation(
                   word.Span, $"FROM argument '{name}' is not declared{DidYouMean.Suffix(name, known)}", $"Write 'ARG {name}' before the first FROM.");
    }

    public static IEnumerable<Violation> InvalidDefault(CheckedFile file) =>
        from stage in file.Graph.Stages
        let word = stage.From.Image
        where word.Text.Contains('$') && stage.Base is ExternalSource
        let expanded = Expansion.Expand(word.Text, file.Graph.GlobalOrEmpty, file.Syntax.Escape)
        where expanded.Error is null && expanded.Undefined.IsEmpty && !ImageNameShape.IsValid(expanded.Text)
        select new Violation(
            word.Span, $"Default value for ARG {word.Text} results in empty or invalid base image name", "Give the ARG a default that makes a valid name.");

    public static IEnumerable<Violation> RelativeWorkdir(CheckedFile file)
    {
        bool[] isSet = new bool[file.Graph.Stages.Length];
        foreach (StageVariables stage in StageVariables.OfAll(file))
        {
            int index = stage.Stage.Index;
            isSet[index] = stage.Stage.Base is StageOutput { Index: int parent } && isSet[parent];
            foreach (Instruction instruction in stage.Stage.Instructions)
            {
                if (instruction is WorkdirInstruction workdir)
                {
                    ExpansionResult path = Expansion.Expand(workdir.Path.Text, stage.FindValue, file.Syntax.Escape);
                    bool known = path.Error is null && path.Undefined.IsEmpty;
                    if (known && !isSet[index] && !path.Text.StartsWith('/') && !IsOnDrive(path.Text, file.Syntax.Escape))
                    {
                        string message = $"Relative workdir {GoQuote.Quote(path.Text)} can have unexpected results if the base image changes";
                        yield return new(workdir.Path.Span, message, "Write an absolute path.");
                    }

                    isSet[index] = true;
                }

                stage.Apply(instruction);
            }
        }
    }

    /// <summary>Texts that no values of variables make right.</summary>
    public static IEnumerable<Violation> Broken(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        from pair in ExpandedWords.Of(instruction is OnbuildInstruction onbuild ? onbuild.Trigger : instruction)
        let expanded = pair.IsHeredoc ? Expansion.ExpandHeredoc(pair.Word.Text, AnyValue) : Expansion.Expand(pair.Word.Text, AnyValue, file.Syntax.Escape)
        where expanded.Error is not null
        select new Violation(pair.Word.Span, $"failed to process {Shortened(pair.Word.Text)}: {expanded.Error}", "Close the quote, or put the escape character before it; write ${name:-default} for a default.");

    private static string AnyValue(string name) => "x";

    private static string Shortened(string text) => GoQuote.Quote(text.Length <= 80 ? text : text[..80] + "…");

    // C:\x is absolute on Windows, of which a backtick as escape character tells.
    private static bool IsOnDrive(string path, char escape) => escape == '`' && path.Length > 2 && path[1] == ':' && path[2] is '\\' or '/' && char.IsAsciiLetter(path[0]);

    public static IEnumerable<Violation> Undefined(CheckedFile file)
    {
        foreach (StageVariables stage in StageVariables.OfAll(file))
        {
            foreach (Instruction instruction in stage.Stage.Instructions)
            {
                foreach ((Word word, bool isHeredoc) in ExpandedWords.Of(instruction))
                {
                    ExpansionResult expanded = isHeredoc
                        ? Expansion.ExpandHeredoc(word.Text, stage.Find)
                        : Expansion.Expand(word.Text, stage.Find, file.Syntax.Escape);
                    foreach (string name in expanded.Unguarded)
                    {
                        if (stage.Judge(name) is { } message) yield return new(word.Span, message);
                    }
                }

                stage.Apply(instruction);
            }
        }
    }

    /// <summary>An ARG behind an ENV of its name: RUN sees the ARG's value, the image keeps the ENV's.</summary>
    public static IEnumerable<Violation> ArgOverridesEnv(CheckedFile file)
    {
        ImmutableHashSet<string>[] set = new ImmutableHashSet<string>[file.Graph.Stages.Length];
        foreach (Stage stage in file.Graph.Stages)
        {
            ImmutableHashSet<string> names = stage.Base is StageOutput { Index: int below } ? set[below] : ImmutableHashSet.Create<string>(StringComparer.Ordinal);
            foreach (Instruction instruction in stage.Instructions)
            {
                if (instruction is EnvInstruction env) names = names.Union(env.Pairs.Select(pair => pair.Key.Text));
                if (instruction is not ArgInstruction arg) continue;
                foreach (ArgDeclaration declaration in arg.Declarations)
                {
                    string name = declaration.Name.Text;
                    if (!names.Contains(name) || (declaration.Default is null && file.Graph.GlobalValue(name) is null)) continue;
                    yield return new(
                        declaration.Name.Span,
                        $"RUN sees the value of this ARG, while the image keeps the one that ENV gave '{name}'",
                        "Give them different names, or write the ARG before the ENV.");
                }
            }

            set[stage.Index] = names;
        }
    }

    public static IEnumerable<Violation> EnvSeesOldValue(CheckedFile file)
    {
        foreach (EnvInstruction env in file.Syntax.Instructions.OfType<EnvInstruction>())
        {
            HashSet<string> earlier = new(StringComparer.Ordinal);
            foreach ((Word key, Word value) in env.Pairs.Select(pair => (pair.Key, pair.Value)))
            {
                foreach (string name in Expansion.Expand(value.Text, static _ => "x", file.Syntax.Escape).Used.Where(earlier.Contains))
                {
                    yield return new(value.Span, $"'${name}' has the value here that it had before this ENV", "Write an ENV of its own for what uses it.");
                }

                earlier.Add(key.Text);
            }
        }
    }

    /// <summary>In <c>${name//pattern/replacement}</c> a dollar sign that survives expansion names a group of a regular expression.</summary>
    public static IEnumerable<Violation> RegexReplacement(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        from pair in ExpandedWords.Of(instruction)
        where ReplacesAllByDollar(pair.Word.Text, file.Syntax.Escape)
        select new Violation(
            pair.Word.Span,
            "A dollar sign in the replacement of ${name//pattern/replacement} stands for a group of the pattern with BuildKit, not for itself",
            "Write ${name/pattern/replacement}, or change the text in a RUN.");

    private static bool ReplacesAllByDollar(string text, char escape)
    {
        for (int at = text.IndexOf("//", StringComparison.Ordinal); at >= 0; at = text.IndexOf("//", at + 2, StringComparison.Ordinal))
        {
            int open = text.LastIndexOf("${", at, StringComparison.Ordinal);
            if (open < 0 || text.AsSpan(open + 2, at - open - 2).ContainsAnyExcept(NameCharacters)) continue;
            int slash = Next(text, at + 2, '/', escape);
            int end = slash < 0 ? -1 : Next(text, slash + 1, '}', escape);
            if (end > 0 && text[(slash + 1)..end].Contains($"{escape}$", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static int Next(string text, int at, char sought, char escape)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == escape) at++;
            else if (text[at] == sought) return at;
        }

        return -1;
    }
}

namespace ImageKit.Dockerfile;

/// <summary>Checks of what variables hold and whether they are set.</summary>
internal static class VariableChecks
{
    public static IEnumerable<Violation> UndefinedInFrom(CheckedFile file) =>
        from instruction in file.Froms
        from word in new[] { instruction.Image, instruction.Platform ?? default }
        where word.Text is not null
        from name in Expansion.Expand(word.Text, file.Graph.GlobalOrEmpty, file.Syntax.Escape).Undefined
        select new Violation(
            word.Span,
            $"FROM argument '{name}' is not declared{DidYouMean.Suffix(name, file.Graph.GlobalArgs.Keys.Concat(PredefinedArguments.PlatformNames).Order(StringComparer.Ordinal))}",
            $"Write 'ARG {name}' before the first FROM.");

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
                    if (known && !isSet[index] && !path.Text.StartsWith('/'))
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
}

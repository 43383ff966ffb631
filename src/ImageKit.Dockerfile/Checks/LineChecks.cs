namespace ImageKit.Dockerfile;

/// <summary>Checks that need no more than single instructions and the way they are written.</summary>
internal static class LineChecks
{
    public static IEnumerable<Violation> EmptyContinuation(CheckedFile file) =>
        from diagnostic in file.Syntax.Diagnostics
        where diagnostic.Rule == "NoEmptyContinuation"
        select new Violation(diagnostic.Span, diagnostic.Message, diagnostic.Mend);

    public static IEnumerable<Violation> InstructionCasing(CheckedFile file)
    {
        // ARGs before the first FROM do not count; so it is in BuildKit.
        Word[] names = [.. file.Syntax.Instructions.SkipWhile(instruction => instruction is not FromInstruction).Select(instruction => instruction.Keyword)];
        int lower = names.Count(name => name.Text == name.Text.ToLowerInvariant());
        int upper = names.Count(name => name.Text == name.Text.ToUpperInvariant());
        bool isLower = lower > upper;
        return from name in names
               let expected = isLower ? name.Text.ToLowerInvariant() : name.Text.ToUpperInvariant()
               where name.Text != expected
               select new Violation(
                   name.Span, $"Command '{name.Text}' should match the case of the command majority ({(isLower ? "lowercase" : "uppercase")})", $"Write '{expected}'.");
    }

    public static IEnumerable<Violation> Maintainer(CheckedFile file) =>
        from instruction in file.Syntax.Instructions.OfType<MaintainerInstruction>()
        select new Violation(
            instruction.Span,
            "Maintainer instruction is deprecated in favor of using label",
            $"Write LABEL org.opencontainers.image.authors={GoQuote.Quote(instruction.Maintainer.Text)}.");

    public static IEnumerable<Violation> LegacyPairs(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        let key = instruction switch
        {
            EnvInstruction { IsLegacyForm: true } env => env.Pairs[0].Key.Text,
            LabelInstruction { IsLegacyForm: true } label => label.Pairs[0].Key.Text,
            _ => null,
        }
        where key is not null
        select new Violation(
            instruction.Span,
            $"\"{instruction.Name} key=value\" should be used instead of legacy \"{instruction.Name} key value\" format",
            $"Write {instruction.Name} {key}=\"…\".");

    public static IEnumerable<Violation> Description(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        where !instruction.Comments.IsEmpty && instruction.Comments.Any(comment => !comment.Text.StartsWith("check=", StringComparison.Ordinal))
        let name = instruction switch
        {
            ArgInstruction arg => arg.Declarations[0].Name.Text,
            FromInstruction { StageName: { } stage } => stage.Text.ToLowerInvariant(),
            _ => null,
        }
        where name is not null && !DescribesAny(instruction, name)
        select new Violation(instruction.Span, $"Comment for {instruction.Name} should follow the format: `# {name} <description>`");

    public static IEnumerable<Violation> MisspelledRule(CheckedFile file)
    {
        // What the caller gives in the directive's place stands nowhere in the file.
        SourceSpan top = file.Options.Directive is null ? file.Syntax.Directives.FirstOrDefault(directive => directive.Name == "check")?.Value.Span ?? default : default;
        IEnumerable<(string Name, SourceSpan Span)> atTop = file.Directive.Skipped.Concat(file.Directive.Experimental).Select(name => (name, top));
        IEnumerable<(string Name, SourceSpan Span)> inline = from instruction in file.Syntax.Instructions
                                                             from name in instruction.SkippedChecks
                                                             from comment in instruction.Comments.Where(comment => comment.Text.Contains(name, StringComparison.Ordinal)).Take(1)
                                                             select (name, comment.Span);
        string[] known = [.. file.RuleNames];
        return from written in atTop.Concat(inline)
               let near = known.Contains(written.Name, StringComparer.OrdinalIgnoreCase) ? null : known.FirstOrDefault(name => DidYouMean.Find(written.Name, [name], ignoreCase: true) is not null)
               where near is not null
               select new Violation(written.Span, $"There is no check '{written.Name}' (did you mean {near}?)", $"Write '{near}'.");
    }

    private static bool DescribesAny(Instruction instruction, string name)
    {
        IEnumerable<string> names = instruction is ArgInstruction arg ? arg.Declarations.Select(declaration => declaration.Name.Text) : [name];
        return names.Any(one => instruction.Comments.Any(comment => comment.Text.StartsWith(one + " ", StringComparison.Ordinal)));
    }
}

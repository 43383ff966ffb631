namespace ImageKit.Dockerfile;

/// <summary>Checks of flags and words that are read otherwise than they look.</summary>
internal static class FlagChecks
{
    public static IEnumerable<Violation> Ignored(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        where instruction is ArgInstruction or StopsignalInstruction or HealthcheckInstruction { Command: null }
        from flag in instruction.Flags
        let name = instruction is HealthcheckInstruction ? "HEALTHCHECK NONE" : instruction.Name
        select new Violation(flag.Span, $"Flag --{flag.Name} means nothing to {name} and is dropped without a word", "Remove it.");

    public static IEnumerable<Violation> LinkWithChmod(CheckedFile file) =>
        from files in file.Syntax.Instructions.OfType<FileInstruction>()
        where files.Link && files.Chmod is not null
        select new Violation(files.Flags.First(flag => flag.Name == "link").Span, "BuildKit ignores --link where --chmod stands", "Remove one of them.");

    public static IEnumerable<Violation> RemoteAdd(CheckedFile file) =>
        from add in file.Syntax.Instructions.OfType<AddInstruction>()
        where add.Checksum is null
        from source in add.Sources
        where source.Text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        select new Violation(source.Span, $"Nothing tells what ADD must find at {source.Text}", "Write --checksum=sha256:… before it.");

    public static IEnumerable<Violation> TrailingComment(CheckedFile file)
    {
        foreach (Instruction instruction in file.Syntax.Instructions)
        {
            if (CommentIn(instruction) is not { } at) continue;
            yield return new(at, $"A '#' behind {instruction.Name} begins no comment: what follows it belongs to the instruction", "Put the comment on a line of its own.");
        }
    }

    private static SourceSpan? CommentIn(Instruction instruction) => instruction switch
    {
        CopyInstruction or AddInstruction => InWords([.. ((FileInstruction)instruction).Sources, ((FileInstruction)instruction).Destination]),
        VolumeInstruction volume => InWords([.. volume.Paths]),
        ArgInstruction arg => InWords([.. arg.Declarations.Select(declaration => declaration.Name)]),
        WorkdirInstruction workdir => InLine(workdir.Path),
        UserInstruction user => InLine(user.User),
        StopsignalInstruction stop => InLine(stop.Signal),
        EnvInstruction { IsLegacyForm: true } env => InLine(env.Pairs[0].Value),
        _ => null,
    };

    private static SourceSpan? InWords(Word[] words) => words.Skip(1).Where(word => word.Text is ['#', ..]).Select(word => (SourceSpan?)word.Span).FirstOrDefault();

    private static SourceSpan? InLine(Word line) => line.Text.Contains(" #", StringComparison.Ordinal) && line.Text.IndexOfAny(['"', '\'']) < 0 ? line.Span : null;
}

namespace ImageKit.Dockerfile;

/// <summary>Checks of CMD, ENTRYPOINT and HEALTHCHECK.</summary>
internal static class CommandChecks
{
    public static IEnumerable<Violation> JsonArguments(CheckedFile file)
    {
        bool[] hasShell = new bool[file.Graph.Stages.Length];
        foreach (Stage stage in file.Graph.Stages)
        {
            hasShell[stage.Index] = stage.Base is StageOutput { Index: int index } && hasShell[index];
            foreach (Instruction instruction in stage.Instructions)
            {
                // Who sets a shell of his own wants it to run.
                hasShell[stage.Index] |= instruction is ShellInstruction;
                bool isShellForm = instruction is CmdInstruction { Command: ShellCommand } or EntrypointInstruction { Command: ShellCommand };
                if (!isShellForm || hasShell[stage.Index]) continue;
                yield return new(
                    instruction.Span,
                    $"JSON arguments recommended for {instruction.Name} to prevent unintended behavior related to OS signals",
                    $"Write {instruction.Name} [\"program\", \"argument\"].");
            }
        }
    }

    public static IEnumerable<Violation> Repeated(CheckedFile file) =>
        from stage in file.Graph.Stages
        from same in stage.Instructions.Where(instruction => instruction is CmdInstruction or EntrypointInstruction or HealthcheckInstruction).GroupBy(instruction => instruction.Name)
        from earlier in same.SkipLast(1)
        select new Violation(
            earlier.Span,
            $"Multiple {earlier.Name} instructions should not be used in the same stage because only the last one will be used",
            "Remove it.");

    public static IEnumerable<Violation> IgnoredCmd(CheckedFile file) =>
        from stage in file.Graph.Stages
        let entrypoint = stage.Instructions.OfType<EntrypointInstruction>().LastOrDefault()
        let cmd = stage.Instructions.OfType<CmdInstruction>().LastOrDefault()
        where entrypoint is { Command: ShellCommand } && cmd is not null and not { Command: ExecCommand { Arguments.IsEmpty: true } }
        select new Violation(cmd.Span, "This CMD is never used: an ENTRYPOINT in shell form sees no arguments", "Write ENTRYPOINT as a JSON array.");

    /// <summary>Texts that were meant as JSON arrays, and are taken for shell commands or for paths.</summary>
    public static IEnumerable<Violation> BrokenJson(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        let text = BrokenText(instruction is OnbuildInstruction onbuild ? onbuild.Trigger : instruction)
        where text is not null
        select new Violation(
            text.Value.Span,
            $"This is no JSON array, so {instruction.Name} takes it for {(instruction is FileInstruction or VolumeInstruction ? "paths" : "a command line")}",
            "Write [\"first\", \"second\"]: double quotes, commas between, nothing behind the bracket.");

    private static Word? BrokenText(Instruction instruction) => instruction switch
    {
        CmdInstruction { Command: ShellCommand cmd } => IsMeantAsArray(cmd.Line.Text, isTestPossible: false) ? cmd.Line : null,
        EntrypointInstruction { Command: ShellCommand entrypoint } => IsMeantAsArray(entrypoint.Line.Text, isTestPossible: false) ? entrypoint.Line : null,
        HealthcheckInstruction { Command: ShellCommand health } => IsMeantAsArray(health.Line.Text, isTestPossible: true) ? health.Line : null,
        RunInstruction { Command: ShellCommand run } => IsMeantAsArray(run.Line.Text, isTestPossible: true) ? run.Line : null,
        FileInstruction { IsJson: false, Sources: [var first, ..] } => IsMeantAsArray(first.Text, isTestPossible: false) ? first : null,
        VolumeInstruction { Paths: [var first, ..] } => IsMeantAsArray(first.Text, isTestPossible: false) ? first : null,
        _ => null,
    };

    // `[ "$a" = b ]` is a command: its bracket stands alone.
    private static bool IsMeantAsArray(string text, bool isTestPossible)
    {
        if (!text.StartsWith('[')) return false;
        string inner = text[1..].TrimStart();
        bool isQuoted = inner.Length > 0 && inner[0] is '"' or '\'' or '\u201C';
        if (!isQuoted) return false;
        return !isTestPossible || inner.Length == text.Length - 1 || (text.TrimEnd().EndsWith(']') && (inner.Contains("',", StringComparison.Ordinal) || inner.Contains("\",", StringComparison.Ordinal)));
    }
}

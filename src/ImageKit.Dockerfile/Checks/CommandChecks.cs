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
}

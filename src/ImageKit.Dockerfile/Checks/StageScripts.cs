using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A RUN whose command a POSIX shell reads.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="Run">The instruction.</param>
/// <param name="Text">What the shell reads.</param>
/// <param name="ShellOptions">The options that the shell is started with.</param>
/// <param name="Variables">What is set at that place.</param>
internal sealed record StageScript(Stage Stage, RunInstruction Run, string Text, ImmutableArray<string> ShellOptions, StageVariables Variables)
{
    /// <summary>The commands in it.</summary>
    public ImmutableArray<ShellCommandWords> Commands { get; } = ShellScript.Parse(Text);

    /// <summary>Whether it is the body of a heredoc.</summary>
    public bool IsHeredoc => Run.SoleHeredoc is not null;

    /// <summary>Whether the shell stops at the first command that fails.</summary>
    public bool StopsAtFailure => SetsOption('e', "errexit");

    /// <summary>Whether a command that fails in a pipe counts.</summary>
    public bool HasPipefail => ShellOptions.Concat(Options()).Any(word => word.Contains("pipefail", StringComparison.Ordinal));

    private bool SetsOption(char letter, string name) => ShellOptions.Concat(Options()).Any(word =>
        word == name || (word.Length > 1 && word[0] == '-' && word[1] != '-' && word.Contains(letter)));

    private IEnumerable<string> Options() => Commands.Where(command => command.Program == "set").SelectMany(command => command.Arguments)
        .Concat(Text.StartsWith("#!", StringComparison.Ordinal) ? Text.Split('\n', 2)[0].Split(' ').Skip(1) : []);
}

/// <summary>Finds the scripts of all stages.</summary>
internal static class StageScripts
{
    public static IEnumerable<StageScript> Of(CheckedFile file)
    {
        ImmutableArray<string>[] shells = new ImmutableArray<string>[file.Graph.Stages.Length];
        foreach (StageVariables variables in StageVariables.OfAll(file))
        {
            Stage stage = variables.Stage;
            // A backtick as escape character tells of Windows, whose shell is another.
            ImmutableArray<string> shell = stage.Base is StageOutput { Index: int below } ? shells[below] : file.Syntax.Escape == '`' ? ["cmd"] : ["/bin/sh", "-c"];
            foreach (Instruction instruction in stage.Instructions)
            {
                if (instruction is ShellInstruction own) shell = [.. own.Shell.Select(word => word.Text)];
                if (instruction is RunInstruction { ShellText: { } text } run && Read(run, text, shell) is { } options) yield return new(stage, run, text, options, variables.Snapshot());
                variables.Apply(instruction);
            }

            shells[stage.Index] = shell;
        }
    }

    // The options of the shell; null if another program reads the text.
    private static ImmutableArray<string>? Read(RunInstruction run, string text, ImmutableArray<string> shell)
    {
        if (run.SoleHeredoc is null || !text.StartsWith("#!", StringComparison.Ordinal)) return PosixShells.IsPosix(shell[0]) ? [.. shell.Skip(1)] : null;
        string[] words = text[2..].Split('\n', 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Take(2).Any(PosixShells.IsPosix) ? [] : null;
    }
}

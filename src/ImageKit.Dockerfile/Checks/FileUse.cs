using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A COPY or ADD and what the file tells of its place.</summary>
internal sealed record FileUse
{
    public required Stage Stage { get; init; }

    public required FileInstruction File { get; init; }

    /// <summary>The sources, expanded; null where only the build knows what they are.</summary>
    public required ImmutableArray<string?> Sources { get; init; }

    /// <summary>The destination, expanded; null if only the build knows it.</summary>
    public required string? Destination { get; init; }

    /// <summary>The destination as an absolute path without a slash at its end; null if it depends on what is not known.</summary>
    public required string? Target { get; init; }

    /// <summary>Whether the destination is known to be a directory.</summary>
    public required bool IsDirectory { get; init; }

    /// <summary>Whether the stage's root file system is known from the file alone: it is built on <c>scratch</c>, without RUN.</summary>
    public required bool IsRootKnown { get; init; }

    /// <summary>Whether the directory that the destination lies in is known to be there.</summary>
    public required bool HasParent { get; init; }

    /// <summary>All of them, as the stages stand in the file.</summary>
    public static IEnumerable<FileUse> Of(CheckedFile file)
    {
        StageFiles[] all = new StageFiles[file.Graph.Stages.Length];
        foreach (StageVariables variables in StageVariables.OfAll(file))
        {
            Stage stage = variables.Stage;
            StageFiles files = all[stage.Index] = new(stage, stage.Base is StageOutput { Index: int below } ? all[below] : null);
            foreach (Instruction instruction in stage.Instructions)
            {
                if (instruction is FileInstruction copy) yield return files.Use(copy, word => Expand(file, variables, word));
                else files.Apply(instruction, word => Expand(file, variables, word));
                variables.Apply(instruction);
            }
        }
    }

    private static string? Expand(CheckedFile file, StageVariables variables, Word word)
    {
        ExpansionResult result = Expansion.Expand(word.Text, variables.FindValue, file.Syntax.Escape);
        return result.Error is null && result.Undefined.IsEmpty ? result.Text : null;
    }
}

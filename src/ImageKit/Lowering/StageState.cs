using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>What a stage is after some of its instructions: its files as an operation, its configuration, and what later instructions see. Immutable.</summary>
internal sealed record StageState
{
    /// <summary>The operation that makes the files.</summary>
    public required Operation Head { get; init; }

    /// <summary>The image that is being configured; its layers are not filled in.</summary>
    public required ImageConfig Image { get; init; }

    /// <summary>What ARG and ENV have set, the last writer winning, in the order of first appearance.</summary>
    public ImmutableArray<Variable> Variables { get; init; } = [];

    /// <summary>The ARGs that were declared, in order; a value may be missing.</summary>
    public ImmutableArray<Argument> Arguments { get; init; } = [];

    /// <summary>Whether CMD was set in this stage, so that ENTRYPOINT leaves it alone.</summary>
    public bool HasOwnCommand { get; init; }

    /// <summary>The repository of the registry that the base comes from; blobs can be mounted from there. Null if there is none.</summary>
    public ImageReference? BaseReference { get; init; }

    /// <summary>The configuration for running.</summary>
    public ContainerConfig Config => Image.Config ?? new();

    /// <summary>The shell of shell forms.</summary>
    public ImmutableArray<string> Shell => Config.Shell is { Length: > 0 } shell ? shell : ["/bin/sh", "-c"];

    /// <summary>The working directory, absolute.</summary>
    public string WorkingDirectory => Config.WorkingDir is { Length: > 0 } path ? path : "/";

    /// <summary>The value of a variable; null if it is not set.</summary>
    public string? Lookup(string name)
    {
        foreach (Variable variable in Variables)
            if (variable.Name == name) return variable.Value;
        return null;
    }

    public StageState With(ContainerConfig config) => this with { Image = Image with { Config = config } };

    /// <summary>Sets a variable in its place, or behind the others.</summary>
    public StageState WithVariable(string name, string value)
    {
        Variable set = new(name, value);
        for (int i = 0; i < Variables.Length; i++)
            if (Variables[i].Name == name) return this with { Variables = Variables.SetItem(i, set) };
        return this with { Variables = Variables.Add(set) };
    }

    /// <summary>Adds a line of history.</summary>
    public StageState WithHistory(HistoryEntry entry) => this with { Image = Image with { History = (Image.History ?? []).Add(entry) } };
}

/// <summary>A variable and its value.</summary>
internal readonly record struct Variable(string Name, string Value)
{
    public override string ToString() => $"{Name}={Value}";
}

/// <summary>An ARG and the value it was declared with, if any.</summary>
internal readonly record struct Argument(string Name, string? Value);

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What checks look at.</summary>
public sealed class CheckedFile
{
    internal CheckedFile(DockerfileSyntax syntax, CheckOptions options)
    {
        Syntax = syntax;
        Options = options;
        Graph = StageGraph.Create(syntax, new() { Target = options.Target, Predefined = PredefinedArguments.Placeholder });
    }

    /// <summary>The file.</summary>
    public DockerfileSyntax Syntax { get; }

    /// <summary>Its stages, with no build arguments given and the predefined ones set to <c>x</c>.</summary>
    public StageGraph Graph { get; }

    /// <summary>What the caller knows.</summary>
    public CheckOptions Options { get; }

    /// <summary>The FROMs in order.</summary>
    public IEnumerable<FromInstruction> Froms => Syntax.Instructions.OfType<FromInstruction>();

    /// <summary>The names of stages as written, in order.</summary>
    public IEnumerable<Word> StageNames => Froms.Where(from => from.StageName is not null).Select(from => from.StageName!.Value);

    /// <summary>Names that <c># check=</c> may hold: those of the checks that run, and of all that are known.</summary>
    internal IEnumerable<string> RuleNames { get; init; } = [];

    /// <summary>What <c># check=</c>, or the caller in its place, asks for.</summary>
    internal CheckDirective Directive { get; init; } = new();

    /// <summary>Every COPY and ADD with what is known of its place. Found once, as several checks look at it.</summary>
    internal ImmutableArray<FileUse> FileUses => field.IsDefault ? field = [.. FileUse.Of(this)] : field;

    /// <summary>Every RUN that a POSIX shell reads.</summary>
    internal ImmutableArray<StageScript> Scripts => field.IsDefault ? field = [.. StageScripts.Of(this)] : field;

    /// <summary>Every place that names a stage or an image.</summary>
    internal ImmutableArray<StageUse> StageUses => field.IsDefault
        ? field = [.. Graph.Stages.SelectMany(stage => StageUse.All(Graph, stage)).Where(use => use.Name.Length > 0)]
        : field;
}

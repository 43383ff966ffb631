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
}

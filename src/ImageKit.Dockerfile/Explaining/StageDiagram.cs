using System.Collections.Immutable;
using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>Who uses whom in a Dockerfile: stages, images, the build context, and what they take of each other.</summary>
/// <param name="Nodes">Images and contexts in the order of their first use, then the stages in file order.</param>
/// <param name="Links">The uses, in file order, each once.</param>
public sealed record StageDiagram(ImmutableArray<DiagramNode> Nodes, ImmutableArray<DiagramLink> Links)
{
    private const string ContextName = "build context";

    /// <summary>Makes the diagram of a graph. Stages that the target does not need are in it too, marked.</summary>
    /// <param name="graph">The stages.</param>
    public static StageDiagram Of(StageGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Dictionary<string, DiagramNode> outside = new(StringComparer.Ordinal);
        List<DiagramLink> links = [];
        HashSet<int> needed = [.. graph.Needed.Select(stage => stage.Index)];
        foreach (Stage stage in graph.Stages)
        {
            string id = Id(stage.Index);
            Add(Node(stage.Base, graph), DiagramLinkKind.Base, id, stage.From.Span);
            foreach (Instruction instruction in stage.AllInstructions)
            {
                foreach ((StageSource? source, DiagramLinkKind kind) in Uses(graph, stage, instruction))
                    Add(source is null ? new("context", ContextName, "", DiagramNodeKind.Context) : Node(source, graph), kind, id, instruction.Span);
            }
        }

        return new([.. outside.Values, .. graph.Stages.Select(stage => Node(stage, graph, needed.Contains(stage.Index)))], [.. links]);

        void Add(DiagramNode? node, DiagramLinkKind kind, string to, SourceSpan span)
        {
            if (node is null) return;
            if (node.Kind != DiagramNodeKind.Stage) outside.TryAdd(node.Id, node);
            if (!links.Any(link => link.From == node.Id && link.To == to && link.Kind == kind)) links.Add(new(node.Id, to, kind, span.Line));
        }
    }

    private static IEnumerable<(StageSource? Source, DiagramLinkKind Kind)> Uses(StageGraph graph, Stage stage, Instruction instruction)
    {
        switch (instruction)
        {
            case CopyInstruction { From: { } from }:
                yield return (graph.Resolve(stage, from.Text), DiagramLinkKind.Copy);
                break;
            case FileInstruction files when files.Sources.Any(word => !ContextChecks.IsRemote(word.Text)):
                yield return (null, DiagramLinkKind.Copy);
                break;
            case RunInstruction run:
                foreach (MountFlag mount in run.Mounts)
                {
                    if (mount.From is { Text.Length: > 0 } from) yield return (graph.Resolve(stage, from.Text), DiagramLinkKind.Mount);
                    else if (IsBind(mount)) yield return (null, DiagramLinkKind.Mount);
                }

                break;
        }
    }

    private static bool IsBind(MountFlag mount)
    {
        Word? type = mount.Fields.Where(field => field.Key.Text.Equals("type", StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).LastOrDefault();
        return type is not { } given || given.Text.Equals("bind", StringComparison.OrdinalIgnoreCase);
    }

    private static string Id(int index) => string.Create(CultureInfo.InvariantCulture, $"stage{index}");

    private static DiagramNode? Node(StageSource source, StageGraph graph) => source switch
    {
        StageOutput { Index: int index } => Node(graph.Stages[index], graph, isNeeded: true),
        ExternalSource outside => new("image:" + outside.Name, outside.Name.Length == 0 ? "?" : outside.Name, "", DiagramNodeKind.Image),
        _ => null,
    };

    private static DiagramNode Node(Stage stage, StageGraph graph, bool isNeeded)
    {
        string title = stage.Name ?? string.Create(CultureInfo.InvariantCulture, $"stage {stage.Index}");
        IEnumerable<string> counts = stage.Instructions.Where(instruction => instruction is RunInstruction or FileInstruction)
            .GroupBy(instruction => instruction.Name).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}"));
        return new(Id(stage.Index), title, string.Join(", ", counts), DiagramNodeKind.Stage)
        {
            Line = stage.From.Span.Line,
            IsTarget = graph.Target?.Index == stage.Index,
            IsNeeded = isNeeded,
            Platform = stage.Platform,
        };
    }
}

/// <summary>A stage, an image or the build context.</summary>
/// <param name="Id">Its name in the diagram, of links too.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Detail">How many instructions of which kind make files in it; empty for none.</param>
/// <param name="Kind">What it is.</param>
public sealed record DiagramNode(string Id, string Title, string Detail, DiagramNodeKind Kind)
{
    /// <summary>The line of a stage's FROM; 0 for others.</summary>
    public int Line { get; init; }

    /// <summary>Whether it is the stage that is built.</summary>
    public bool IsTarget { get; init; }

    /// <summary>Whether the stage that is built needs it; true for all but stages.</summary>
    public bool IsNeeded { get; init; } = true;

    /// <summary>Value of <c>FROM --platform</c>; null if it is not given.</summary>
    public string? Platform { get; init; }
}

/// <summary>What a <see cref="DiagramNode"/> is.</summary>
public enum DiagramNodeKind
{
    /// <summary>A stage of the file.</summary>
    Stage,

    /// <summary>An image, or a named context.</summary>
    Image,

    /// <summary>The build context.</summary>
    Context,
}

/// <summary>One node uses another.</summary>
/// <param name="From">The node that is used.</param>
/// <param name="To">The stage that uses it.</param>
/// <param name="Kind">How.</param>
/// <param name="Line">The line where it is used first.</param>
public sealed record DiagramLink(string From, string To, DiagramLinkKind Kind, int Line);

/// <summary>How a stage uses a node.</summary>
public enum DiagramLinkKind
{
    /// <summary>FROM.</summary>
    Base,

    /// <summary>COPY or ADD.</summary>
    Copy,

    /// <summary>RUN --mount.</summary>
    Mount,
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A stage that can be built, as BuildKit's <c>--call targets</c> lists it.</summary>
/// <param name="Name">Its name in lower case; empty if it has none.</param>
/// <param name="IsDefault">Whether it is built if no target is named.</param>
/// <param name="Description">What the comment above its FROM says of it; empty if there is none.</param>
/// <param name="Base">What it is based on: an image, <c>scratch</c> or a stage, as FROM names it, variables expanded.</param>
/// <param name="Platform">Value of <c>FROM --platform</c>, expanded; null if it is not given.</param>
/// <param name="Span">Its FROM.</param>
public sealed record BuildTarget(string Name, bool IsDefault, string Description, string Base, string? Platform, SourceSpan Span)
{
    /// <summary>All stages that have a name, and the last one.</summary>
    /// <param name="graph">The stages.</param>
    public static ImmutableArray<BuildTarget> AllOf(StageGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return
        [
            .. from stage in graph.Stages
               let isDefault = stage.Index == graph.Stages.Length - 1
               where stage.Name is not null || isDefault
               select new BuildTarget(
                   stage.Name ?? "", isDefault, Descriptions.Of(stage.From, stage.Name ?? ""), StageText.Base(graph, stage), stage.Platform, stage.From.Span),
        ];
    }
}

/// <summary>Names of stages and their bases, for people.</summary>
internal static class StageText
{
    public static string Base(StageGraph graph, Stage stage) => stage.Base switch
    {
        StageOutput { Index: int index } => graph.Stages[index].ToString(),
        ScratchSource => "scratch",
        ExternalSource outside => outside.Name,
        _ => "",
    };
}

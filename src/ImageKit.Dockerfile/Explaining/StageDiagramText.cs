using System.Globalization;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Writes diagrams as text and as Mermaid.</summary>
public static class StageDiagramText
{
    /// <summary>One paragraph a stage: what it is built on, what it copies and mounts.</summary>
    /// <param name="diagram">The diagram.</param>
    public static string ToText(StageDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        Dictionary<string, string> titles = diagram.Nodes.ToDictionary(node => node.Id, node => node.Title, StringComparer.Ordinal);
        StringBuilder text = new();
        foreach (DiagramNode stage in diagram.Nodes.Where(node => node.Kind == DiagramNodeKind.Stage))
        {
            string mark = stage.IsTarget ? ", the target" : stage.IsNeeded ? "" : ", not needed by the target";
            text.Append(CultureInfo.InvariantCulture, $"{stage.Title} (line {stage.Line}{mark})\n");
            DiagramLink[] links = [.. diagram.Links.Where(link => link.To == stage.Id)];
            string platform = stage.Platform is null ? "" : $" for {stage.Platform}";
            text.Append("    from    ").Append(links.FirstOrDefault(link => link.Kind == DiagramLinkKind.Base) is { } below ? titles[below.From] : "scratch").Append(platform).Append('\n');
            foreach ((string word, DiagramLinkKind kind) in new[] { ("copies ", DiagramLinkKind.Copy), ("mounts ", DiagramLinkKind.Mount) })
            {
                string[] used = [.. links.Where(link => link.Kind == kind).Select(link => string.Create(CultureInfo.InvariantCulture, $"{titles[link.From]} (line {link.Line})"))];
                if (used.Length > 0) text.Append("    ").Append(word).Append(' ').AppendJoin(", ", used).Append('\n');
            }

            if (stage.Detail.Length > 0) text.Append("    steps   ").Append(stage.Detail).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A flowchart for Mermaid, which code hosts draw.</summary>
    /// <param name="diagram">The diagram.</param>
    public static string ToMermaid(StageDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        Dictionary<string, string> ids = diagram.Nodes.Index().ToDictionary(pair => pair.Item.Id, pair => string.Create(CultureInfo.InvariantCulture, $"n{pair.Index}"), StringComparer.Ordinal);
        StringBuilder text = new("flowchart LR\n");
        foreach (DiagramNode node in diagram.Nodes)
        {
            (string open, string close) = node.Kind switch
            {
                DiagramNodeKind.Image => ("([", "])"),
                DiagramNodeKind.Context => ("[/", "/]"),
                _ => ("[", "]"),
            };
            text.Append("    ").Append(ids[node.Id]).Append(open).Append('"').Append(Escape(node.Title));
            if (node.Detail.Length > 0) text.Append("<br/>").Append(Escape(node.Detail));
            text.Append('"').Append(close).Append(node.IsTarget ? ":::target" : node.IsNeeded ? "" : ":::unused").Append('\n');
        }

        foreach (DiagramLink link in diagram.Links)
        {
            string arrow = link.Kind switch { DiagramLinkKind.Base => "==>", DiagramLinkKind.Copy => "-->|copy|", _ => "-.->|mount|" };
            text.Append("    ").Append(ids[link.From]).Append(' ').Append(arrow).Append(' ').Append(ids[link.To]).Append('\n');
        }

        return text.Append("    classDef target stroke-width:3px\n    classDef unused stroke-dasharray:4,opacity:0.6\n").ToString();
    }

    private static string Escape(string text) => text.Replace("&", "#amp;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal);
}

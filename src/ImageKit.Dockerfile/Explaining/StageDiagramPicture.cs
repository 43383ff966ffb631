using System.Globalization;
using System.Net;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Draws diagrams. The pictures need nothing from outside: no font, no script, no style sheet.</summary>
public static class StageDiagramPicture
{
    private const string Style =
        """
        .d text{font:14px system-ui,sans-serif;fill:#1b1f24}.d .s{font-size:11px;fill:#57606a}.d rect{fill:#eef4ff;stroke:#3b6fd4}.d .image rect{fill:#f4f4f5;stroke:#8b949e}
        .d .context rect{fill:#fff7e6;stroke:#c98a14}.d .target rect{stroke-width:3}.d .unused{opacity:.5}.d path{fill:none;stroke:#57606a;stroke-width:1.5}.d .base{stroke-width:3}.d .mount{stroke-dasharray:3 4}.d .copy{stroke-dasharray:8 4}
        @media(prefers-color-scheme:dark){.d text{fill:#e6edf3}.d .s{fill:#9da7b3}.d rect{fill:#16243d}.d .image rect{fill:#22262c}.d .context rect{fill:#33270d}.d path{stroke:#9da7b3}}
        """;

    /// <summary>The picture as SVG: images and the context left, the target right; thick lines are FROM, dashed ones COPY and ADD, dotted ones mounts.</summary>
    /// <param name="diagram">The diagram.</param>
    public static string ToSvg(StageDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        DiagramLayout layout = DiagramLayout.Of(diagram);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"d\" role=\"img\" width=\"{layout.Width}\" height=\"{layout.Height}\" viewBox=\"0 0 {layout.Width} {layout.Height}\">\n");
        svg.Append("<title>Stages of a Dockerfile</title>\n<style>").Append(Style.ReplaceLineEndings("")).Append("</style>\n");
        svg.Append("<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:#57606a;stroke:none\"/></marker></defs>\n");
        foreach (DiagramLink link in diagram.Links) Append(svg, link, layout);
        foreach (DiagramNode node in diagram.Nodes) Append(svg, layout.Boxes[node.Id]);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>A page with the picture and a table of the stages.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="title">The heading, mostly the file's name.</param>
    public static string ToHtml(StageDiagram diagram, string title)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        string name = WebUtility.HtmlEncode(title);
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>").Append(name).Append("</title>\n");
        page.Append("<style>:root{color-scheme:light dark}body{font:15px system-ui,sans-serif;margin:2rem}figure{margin:0;overflow-x:auto}table{border-collapse:collapse;margin-top:1.5rem}td,th{text-align:left;padding:.3rem .9rem;border-bottom:1px solid #8884}</style></head>\n<body><h1>");
        page.Append(name).Append("</h1>\n<figure>\n").Append(ToSvg(diagram)).Append("<figcaption>Thick: FROM. Dashed: COPY and ADD. Dotted: mounts of RUN. Bold box: the target.</figcaption></figure>\n");
        page.Append("<table><thead><tr><th>Stage</th><th>Line</th><th>Steps</th><th>Uses</th></tr></thead><tbody>\n");
        Dictionary<string, string> titles = diagram.Nodes.ToDictionary(node => node.Id, node => node.Title, StringComparer.Ordinal);
        foreach (DiagramNode stage in diagram.Nodes.Where(node => node.Kind == DiagramNodeKind.Stage))
        {
            string uses = string.Join(", ", diagram.Links.Where(link => link.To == stage.Id).Select(link => titles[link.From]).Distinct());
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{WebUtility.HtmlEncode(stage.Title)}</td><td>{stage.Line}</td><td>{stage.Detail}</td><td>{WebUtility.HtmlEncode(uses)}</td></tr>\n");
        }

        return page.Append("</tbody></table></body></html>\n").ToString();
    }

    private static void Append(StringBuilder svg, DiagramLink link, DiagramLayout layout)
    {
        DiagramBox from = layout.Boxes[link.From], to = layout.Boxes[link.To];
        string kind = link.Kind switch { DiagramLinkKind.Base => "base", DiagramLinkKind.Copy => "copy", _ => "mount" };
        // Links of different kinds between the same boxes lie side by side.
        int shift = link.Kind switch { DiagramLinkKind.Base => -10, DiagramLinkKind.Copy => 0, _ => 10 };
        (int startX, int startY, int endX, int endY) = (from.Right, from.Middle + shift, to.X - 2, to.Middle + shift);
        int bend = Math.Max(24, (endX - startX) / 2);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" marker-end=\"url(#a)\" d=\"M{startX} {startY}C{startX + bend} {startY} {endX - bend} {endY} {endX} {endY}\"/>\n");
    }

    private static void Append(StringBuilder svg, DiagramBox box)
    {
        DiagramNode node = box.Node;
        string kind = node.Kind switch { DiagramNodeKind.Image => "image", DiagramNodeKind.Context => "context", _ => "stage" };
        string state = node.IsTarget ? " target" : node.IsNeeded ? "" : " unused";
        int middle = box.X + (box.Width / 2);
        int baseline = node.Detail.Length > 0 ? box.Y + 21 : box.Middle + 5;
        svg.Append(CultureInfo.InvariantCulture, $"<g class=\"{kind}{state}\"><rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{box.Height}\" rx=\"{(node.Kind == DiagramNodeKind.Image ? 24 : 6)}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{middle}\" y=\"{baseline}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(node.Title)}</text>");
        if (node.Detail.Length > 0) svg.Append(CultureInfo.InvariantCulture, $"<text class=\"s\" x=\"{middle}\" y=\"{box.Y + 38}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(node.Detail)}</text>");
        svg.Append("</g>\n");
    }
}

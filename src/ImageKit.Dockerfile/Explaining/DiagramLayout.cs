using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A box of the picture, in pixels.</summary>
internal readonly record struct DiagramBox(DiagramNode Node, int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Middle => Y + (Height / 2);
}

/// <summary>Puts nodes into columns: each to the right of all that it uses.</summary>
internal sealed record DiagramLayout(ImmutableDictionary<string, DiagramBox> Boxes, int Width, int Height)
{
    private const int BoxHeight = 48;
    private const int ColumnGap = 72;
    private const int RowGap = 24;
    private const int Margin = 16;
    private const int LetterWidth = 8;
    private const int LeastWidth = 112;

    public static DiagramLayout Of(StageDiagram diagram)
    {
        Dictionary<string, int> columns = Columns(diagram);
        var boxes = ImmutableDictionary.CreateBuilder<string, DiagramBox>(StringComparer.Ordinal);
        ILookup<string, string> uses = diagram.Links.ToLookup(link => link.To, link => link.From);
        int x = Margin, height = 0;
        foreach (IGrouping<int, DiagramNode> column in diagram.Nodes.GroupBy(node => columns[node.Id]).OrderBy(group => group.Key))
        {
            int width = Math.Max(LeastWidth, column.Max(node => (Math.Max(node.Title.Length, node.Detail.Length) * LetterWidth) + 24));
            int y = Margin;
            // Nodes stand about where that stands which they use, so that links cross seldom.
            foreach (DiagramNode node in column.OrderBy(node => uses[node.Id].Select(id => boxes.TryGetValue(id, out DiagramBox box) ? box.Y : 0).DefaultIfEmpty(0).Average()))
            {
                boxes.Add(node.Id, new(node, x, y, width, BoxHeight));
                y += BoxHeight + RowGap;
            }

            height = Math.Max(height, y - RowGap + Margin);
            x += width + ColumnGap;
        }

        return new(boxes.ToImmutable(), Math.Max(x - ColumnGap + Margin, 2 * Margin), Math.Max(height, 2 * Margin));
    }

    // Stages use what stands above them, so one pass in file order is enough; a cycle only puts boxes too far left.
    private static Dictionary<string, int> Columns(StageDiagram diagram)
    {
        Dictionary<string, int> columns = diagram.Nodes.ToDictionary(node => node.Id, _ => 0, StringComparer.Ordinal);
        ILookup<string, string> uses = diagram.Links.ToLookup(link => link.To, link => link.From);
        foreach (DiagramNode node in diagram.Nodes.Where(node => node.Kind == DiagramNodeKind.Stage))
            columns[node.Id] = uses[node.Id].Select(id => columns[id] + 1).DefaultIfEmpty(0).Max();
        return columns;
    }
}

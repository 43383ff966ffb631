using System.Text.Json.Nodes;
using ImageKit.Oci;

namespace ImageKit.Cli.Printing;

/// <summary>Prints in what two images differ.</summary>
internal static class DifferenceText
{
    public static void Write(TextWriter output, ImageDifference found)
    {
        if (found.IsEmpty)
        {
            output.WriteLine("no difference");
            return;
        }
        Section(output, "values", found.Values.SelectMany(Lines));
        Section(output, $"layers ({found.SharedLayers} in common)",
        [
            .. found.Removed.Select(layer => $"- {layer.DiffId}  {HumanText.Size(layer.Blob.Size)}"),
            .. found.Added.Select(layer => $"+ {layer.DiffId}  {HumanText.Size(layer.Blob.Size)}"),
            .. found.Recompressed.Select(pair => $"~ {pair.Before.Digest} {HumanText.Size(pair.Before.Size)} → {pair.After.Digest} {HumanText.Size(pair.After.Size)}, of the same content"),
        ]);
        Section(output, "files", found.Files.Select(Line));
    }

    public static void WriteJson(ImageDifference found)
    {
        using Stream output = Console.OpenStandardOutput();
        IndentedJson.Write(output, new JsonObject
        {
            ["values"] = new JsonArray([.. found.Values.Select(change => (JsonNode)new JsonObject { ["name"] = change.Name, ["before"] = change.Before, ["after"] = change.After })]),
            ["sharedLayers"] = found.SharedLayers,
            ["removedLayers"] = IndentedJson.Texts(found.Removed.Select(layer => layer.DiffId.ToString())),
            ["addedLayers"] = IndentedJson.Texts(found.Added.Select(layer => layer.DiffId.ToString())),
            ["recompressed"] = new JsonArray([.. found.Recompressed.Select(pair => (JsonNode)new JsonObject { ["before"] = pair.Before.Digest.ToString(), ["after"] = pair.After.Digest.ToString() })]),
            ["files"] = new JsonArray([.. found.Files.Select(file => (JsonNode)new JsonObject
            {
                ["path"] = "/" + file.Path,
                ["change"] = file.Before is null ? "added" : file.After is null ? "removed" : "changed",
                ["aspects"] = file.Before is null || file.After is null ? null : IndentedJson.Texts(Names(file.Aspects)),
                ["before"] = Describe(file.Before),
                ["after"] = Describe(file.After),
            })]),
        });
    }

    private static void Section(TextWriter output, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0) return;
        output.WriteLine($"{title}:");
        foreach (string line in all) output.WriteLine($"  {Printable.Of(line)}");
    }

    private static IEnumerable<string> Lines(ValueChange change)
    {
        if (change.Before is not null) yield return $"- {change.Name} = {change.Before}";
        if (change.After is not null) yield return $"+ {change.Name} = {change.After}";
    }

    private static string Line(FileChange file)
    {
        string sign = file.Before is null ? "+" : file.After is null ? "-" : "~";
        TocEntry entry = file.After ?? file.Before!;
        string name = $"{sign} /{file.Path}{(entry.Kind == EntryKind.Directory && file.Path.Length > 0 ? "/" : "")}";
        return file.Before is null || file.After is null ? name : $"{name}  ({string.Join(", ", Names(file.Aspects).Select(aspect => Detail(aspect, file.Before, file.After)))})";
    }

    private static IEnumerable<string> Names(FileAspects aspects) => Enum.GetValues<FileAspects>().Where(aspect => aspect != FileAspects.None && aspects.HasFlag(aspect)).Select(aspect => aspect.ToString().ToLowerInvariant());

    private static string Detail(string aspect, TocEntry before, TocEntry after) => aspect switch
    {
        "kind" => $"{Kind(before)} → {Kind(after)}",
        "content" when before.Size != after.Size => $"content, {before.Size} → {after.Size} bytes",
        "mode" => $"mode {Mode(before)} → {Mode(after)}",
        "owner" => $"owner {before.Uid}:{before.Gid} → {after.Uid}:{after.Gid}",
        "target" when after.LinkTarget is not null => $"{before.LinkTarget} → {after.LinkTarget}",
        _ => aspect,
    };

    private static JsonObject? Describe(TocEntry? entry) => entry is null ? null : new()
    {
        ["kind"] = Kind(entry),
        ["mode"] = Mode(entry),
        ["owner"] = $"{entry.Uid}:{entry.Gid}",
        ["size"] = entry.Size,
        ["time"] = entry.MtimeSeconds,
        ["target"] = entry.LinkTarget,
    };

    private static string Kind(TocEntry entry) => entry.Kind.ToString().ToLowerInvariant();

    private static string Mode(TocEntry entry) => Convert.ToString(entry.Mode, 8).PadLeft(4, '0');
}

using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Outlines and lists of targets as BuildKit prints them, and as JSON with its names.</summary>
public static class OutlineText
{
    /// <summary>Tables of arguments, secrets and ssh agents.</summary>
    /// <param name="outline">The outline.</param>
    public static string ToText(BuildOutline outline)
    {
        ArgumentNullException.ThrowIfNull(outline);
        StringBuilder text = new();
        List<string[]> head = [["TARGET:", outline.Target.Length == 0 ? "default" : outline.Target]];
        if (outline.Description.Length > 0) head.Add(["DESCRIPTION:", outline.Description]);
        if (outline.Target.Length > 0 || outline.Description.Length > 0) text.Append(ColumnText.Of(1, head)).Append('\n');
        Append(text, ["BUILD ARG", "VALUE", "DESCRIPTION"], outline.Arguments.Select(arg => new[] { arg.Name, arg.Value ?? "", arg.Description }));
        Append(text, ["SECRET", "REQUIRED"], outline.Secrets.Select(Required));
        Append(text, ["SSH", "REQUIRED"], outline.SshAgents.Select(Required));
        return text.ToString();
    }

    /// <summary>The table of targets.</summary>
    /// <param name="targets">The targets.</param>
    public static string ToText(ImmutableArray<BuildTarget> targets) => ColumnText.Of(
        3, [["TARGET", "DESCRIPTION"], .. targets.Select(target => new[] { target.Name.Length == 0 ? "(default)" : target.IsDefault ? target.Name + " (default)" : target.Name, target.Description })]);

    /// <summary>The outline as JSON.</summary>
    /// <param name="outline">The outline.</param>
    /// <param name="source">The text of the file, which BuildKit's JSON carries along.</param>
    public static string ToJson(BuildOutline outline, string source)
    {
        ArgumentNullException.ThrowIfNull(outline);
        ArgumentNullException.ThrowIfNull(source);
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            if (outline.Target.Length > 0) json.WriteString("name", outline.Target);
            if (outline.Description.Length > 0) json.WriteString("description", outline.Description);
            JsonText.Array(json, "args", outline.Arguments, arg =>
            {
                json.WriteString("name", arg.Name);
                if (arg.Description.Length > 0) json.WriteString("description", arg.Description);
                if (arg.Value is not null) json.WriteString("value", arg.Value);
                JsonText.Location(json, arg.Span, arg.Span.Line);
            });
            foreach ((string name, ImmutableArray<OutlineMount> mounts) in new[] { ("secrets", outline.Secrets), ("ssh", outline.SshAgents), ("cache", outline.Caches) })
            {
                JsonText.Array(json, name, mounts, mount =>
                {
                    json.WriteString(name == "cache" ? "ID" : "name", mount.Id);
                    if (mount.IsRequired) json.WriteBoolean("required", true);
                    JsonText.Location(json, mount.Span, mount.Span.Line);
                });
            }

            JsonText.Sources(json, source);
            json.WriteEndObject();
        });
    }

    /// <summary>The targets as JSON.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="source">The text of the file, which BuildKit's JSON carries along.</param>
    public static string ToJson(ImmutableArray<BuildTarget> targets, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            JsonText.Array(json, "targets", targets, target =>
            {
                if (target.Name.Length > 0) json.WriteString("name", target.Name);
                if (target.IsDefault) json.WriteBoolean("default", true);
                if (target.Description.Length > 0) json.WriteString("description", target.Description);
                json.WriteString("base", target.Base);
                if (target.Platform is not null) json.WriteString("platform", target.Platform);
                JsonText.Location(json, target.Span, target.Span.Line);
            });
            JsonText.Sources(json, source);
            json.WriteEndObject();
        });
    }

    private static string[] Required(OutlineMount mount) => [mount.Id, mount.IsRequired ? "true" : ""];

    private static void Append(StringBuilder text, string[] heading, IEnumerable<string[]> rows)
    {
        string[][] all = [heading, .. rows];
        if (all.Length > 1) text.Append(ColumnText.Of(3, all)).Append('\n');
    }
}

using System.Text.Json;

namespace ImageKit.Dockerfile;

/// <summary>What checks found as a SARIF log, which code hosts and editors read.</summary>
/// <seealso href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"/>
public static class CheckSarif
{
    /// <summary>The log, version 2.1.0, with one run.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="fileName">The file's path, relative to the root of the sources if code hosts are to find it.</param>
    /// <param name="source">Its text.</param>
    public static string ToJson(CheckReport report, string fileName, string source)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(source);
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            Tool(json, report);
            json.WriteStartArray("results");
            foreach (Diagnostic found in report.Diagnostics) Result(json, found, fileName, source);
            json.WriteEndArray();
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Tool(Utf8JsonWriter json, CheckReport report)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "imagekit check");
        json.WriteStartArray("rules");
        foreach (IGrouping<string, Diagnostic> rule in report.Diagnostics.GroupBy(found => found.Code).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Key);
            if (rule.First().Rule is { } name) json.WriteString("name", name);
            if (CheckTable.Find(rule.Key) is { } check)
            {
                Text(json, "shortDescription", check.Title);
                if (check.Help is not null) json.WriteString("helpUri", check.Help.ToString());
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, Diagnostic found, string fileName, string source)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", found.Code);
        json.WriteString("level", found.Severity == Severity.Error ? "error" : "warning");
        Text(json, "message", found.Mend is null ? found.Message : $"{found.Message}. {found.Mend}");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri.EscapeDataString(fileName.Replace('\\', '/')).Replace("%2F", "/", StringComparison.Ordinal));
        json.WriteEndObject();
        Region(json, found, source);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Region(Utf8JsonWriter json, Diagnostic found, string source)
    {
        if (found.Span.Line == 0) return;
        ReadOnlySpan<char> before = source.AsSpan(0, Math.Min(found.Span.End, source.Length));
        json.WriteStartObject("region");
        json.WriteNumber("startLine", found.Span.Line);
        json.WriteNumber("startColumn", found.Span.Column);
        json.WriteNumber("endLine", 1 + before.Count('\n'));
        json.WriteNumber("endColumn", before.Length - before.LastIndexOf('\n'));
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}

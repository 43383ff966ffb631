using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ImageKit.Dockerfile;

/// <summary>What checks found, as text for people (the shape of BuildKit's), as BuildKit's JSON, and as SARIF.</summary>
public static class CheckText
{
    private const int LinesAround = 2;

    /// <summary>For people: each finding with its rule, its place, the lines around it and how to mend it; a sum at the end.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="fileName">The file's name as the user gave it.</param>
    /// <param name="source">Its text.</param>
    public static string ToText(CheckReport report, string fileName, string source)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(source);
        string[] lines = source.Split('\n');
        StringBuilder text = new();
        foreach (Diagnostic found in report.Diagnostics) Append(text, found, fileName, source, lines);
        int errors = report.Diagnostics.Count(found => found.Severity == Severity.Error);
        int warnings = report.Diagnostics.Length - errors;
        string sum = (errors, warnings) switch
        {
            (0, 0) => "Check complete, no warnings found.",
            (0, 1) => "Check complete, 1 warning has been found!",
            (0, _) => $"Check complete, {warnings} warnings have been found!",
            _ => $"Check complete, {Count(errors, "error")} and {Count(warnings, "warning")} found!",
        };
        text.Append(sum).Append('\n');
        if (report.Failure is { } failure) text.Append(failure).Append('\n');
        return text.ToString();
    }

    /// <summary>BuildKit's JSON of <c>--call check,format=json</c>, with the code, the severity and the mend added.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="fileName">The file's name as the user gave it.</param>
    /// <param name="source">Its text.</param>
    public static string ToJson(CheckReport report, string fileName, string source)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(source);
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("warnings");
            foreach (Diagnostic found in report.Diagnostics)
            {
                json.WriteStartObject();
                Warning(json, found, source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (report.FailsBuild) json.WriteString("buildError", report.Failure ?? report.Diagnostics.First(found => found.Severity == Severity.Error).Message);
            json.WriteStartArray("sources");
            json.WriteStartObject();
            json.WriteString("fileName", fileName);
            json.WriteString("language", "Dockerfile");
            json.WriteBase64String("data", Encoding.UTF8.GetBytes(source));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>The last line of a place.</summary>
    internal static int LastLine(Diagnostic found, string source) =>
        found.Span.Line == 0 ? 0 : found.Span.Line + source.AsSpan(found.Span.Start, Math.Min(found.Span.Length, source.Length - found.Span.Start)).TrimEnd('\n').Count('\n');

    private static void Warning(Utf8JsonWriter json, Diagnostic found, string source)
    {
        Check? check = found.Rule is null ? null : CheckTable.Find(found.Rule);
        json.WriteString("ruleName", found.Rule ?? found.Code);
        if (check is not null) json.WriteString("description", check.Title);
        if (check?.Help is { } help) json.WriteString("url", help.ToString());
        json.WriteString("detail", found.Message);
        json.WriteString("code", found.Code);
        json.WriteString("severity", found.Severity == Severity.Error ? "error" : "warning");
        if (found.Mend is not null) json.WriteString("mend", found.Mend);
        json.WriteNumber("column", found.Span.Column);
        JsonText.Location(json, found.Span, LastLine(found, source));
    }

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static void Append(StringBuilder text, Diagnostic found, string fileName, string source, string[] lines)
    {
        Uri? help = found.Rule is null ? null : CheckTable.Find(found.Rule)?.Help;
        text.Append(found.Severity == Severity.Error ? "ERROR: " : "WARNING: ").Append(found.Rule ?? found.Code);
        if (found.Rule is not null) text.Append(" (").Append(found.Code).Append(')');
        if (help is not null) text.Append(" - ").Append(help);
        text.Append('\n').Append(found.Message).Append('\n');
        if (found.Mend is not null) text.Append(found.Mend).Append('\n');
        if (found.Span.Line > 0) AppendLines(text, (found.Span.Line, LastLine(found, source)), fileName, lines);
        text.Append('\n');
    }

    private static void AppendLines(StringBuilder text, (int First, int Last) span, string fileName, string[] lines)
    {
        text.Append(CultureInfo.InvariantCulture, $"{fileName}:{span.First}\n--------------------\n");
        for (int number = Math.Max(1, span.First - LinesAround); number <= Math.Min(lines.Length, span.Last + LinesAround); number++)
        {
            if (number == lines.Length && lines[number - 1].Length == 0) break;
            bool isIn = number >= span.First && number <= span.Last;
            string line = string.Create(CultureInfo.InvariantCulture, $"{number,4} | {(isIn ? ">>>" : "   ")} {lines[number - 1]}");
            text.Append(line.TrimEnd()).Append('\n');
        }

        text.Append("--------------------\n");
    }
}

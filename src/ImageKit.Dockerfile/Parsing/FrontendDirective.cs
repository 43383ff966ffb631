using System.Text;
using System.Text.Json;

namespace ImageKit.Dockerfile;

/// <summary>Finds which language the file says it is in, in all the forms in which BuildKit looks for it, and refuses others than Dockerfile.</summary>
internal static class FrontendDirective
{
    private static readonly string[] Known = ["docker/dockerfile", "docker/dockerfile-upstream", "dockerfile.v0"];

    /// <summary>The reference of the language; null if the file names none.</summary>
    public static Word? Read(SourceText source, FaultList diagnostics)
    {
        if (Find(source) is not { } value) return null;
        string reference = value.Text.Split(' ')[0];
        if (!IsKnown(reference)) diagnostics.Add(Faults.UnknownFrontend(value.Span, reference));
        return new Word(reference, value.Span);
    }

    private static bool IsKnown(string reference)
    {
        string name = reference.Split('@')[0];
        int colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/')) name = name[..colon];
        foreach (string host in new[] { "docker.io/", "index.docker.io/" })
        {
            if (name.StartsWith(host, StringComparison.Ordinal)) name = name[host.Length..];
        }

        return Known.Contains(name);
    }

    private static Word? Find(SourceText source)
    {
        int first = 0;
        if (source.Text.AsSpan(StartOf(source, 0)).StartsWith("#!", StringComparison.Ordinal)) first = 1;
        return FromComments(source, first, "#") ?? FromComments(source, first, "//") ?? FromJson(source, first);
    }

    private static int StartOf(SourceText source, int line)
    {
        int start = source.Line(line).Start;
        return start == 0 && source.Text is ['\uFEFF', ..] ? 1 : start;
    }

    private static Word? FromComments(SourceText source, int first, string prefix)
    {
        for (int i = first; i < source.LineCount; i++)
        {
            if (DirectiveReader.TryRead(source, StartOf(source, i), source.Line(i).ContentEnd, prefix) is not { } directive) return null;
            if (directive.Name == "syntax") return directive.Value;
        }

        return null;
    }

    private static Word? FromJson(SourceText source, int first)
    {
        if (first >= source.LineCount) return null;
        int start = StartOf(source, first);
        if (!source.Text.AsSpan(start).TrimStart().StartsWith("{")) return null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetBytes(source.Text[start..]));
            return json.RootElement.TryGetProperty("syntax", out JsonElement syntax) && syntax.ValueKind == JsonValueKind.String
                ? new Word(syntax.GetString()!, source.Span(start, source.Line(first).ContentEnd))
                : null;
        }
        catch (JsonException)
        {
            return null; // not JSON: then it says nothing of a language
        }
        catch (InvalidOperationException)
        {
            return null; // an escape that is half a surrogate pair: such a name is known to nobody
        }
    }
}

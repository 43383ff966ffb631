using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Reads <c>RUN --mount</c>: first its fields, then, with variables known, their meaning.</summary>
internal static class MountParser
{
    /// <summary>Cuts a value into fields as a line of CSV.</summary>
    /// <returns>The flag; null if there is a fault.</returns>
    public static MountFlag? Parse(Word value, out Diagnostic? fault)
    {
        fault = null;
        ImmutableArray<MountField>.Builder fields = ImmutableArray.CreateBuilder<MountField>();
        // Quotes and escapes were taken out of the value; only without them its characters stand where they seem to.
        bool exact = value.Span.Length == value.Text.Length;
        if (Csv(value.Text) is not { Count: > 0 } texts)
        {
            fault = Faults.Mount(value.Span, "failed to parse csv mounts: " + (value.Text.Length == 0 ? "EOF" : "bare or unclosed quote"), "Write key=value,key=value.");
            return null;
        }

        foreach ((string text, int start) in texts)
        {
            int equals = text.IndexOf('=');
            Word key = new(equals < 0 ? text : text[..equals], At(start, equals < 0 ? text.Length : equals));
            Word? content = equals < 0 ? null : new Word(text[(equals + 1)..], At(start + equals + 1, text.Length - equals - 1));
            fields.Add(new(key, content));
            if (content is not { } from || !key.Text.Equals("from", StringComparison.OrdinalIgnoreCase) || !FileParser.HasVariable(from.AsSpan())) continue;
            fault = Faults.VariableInMountFrom(from.Span, "from");
            return null;
        }

        return new(fields.ToImmutable(), value.Span);

        SourceSpan At(int start, int length) => exact
            ? value.Span with { Start = value.Span.Start + start, Length = length, Column = value.Span.Column + start }
            : value.Span;
    }

    public static MountResolution Resolve(MountFlag flag, Func<string, string?> lookup, char escape)
    {
        MountBuilder builder = new();
        foreach (MountField part in flag.Fields)
        {
            string? value = part.Value?.Text;
            SourceSpan at = part.Value?.Span ?? part.Key.Span;
            if (value is not null && !Expansion.IsPlain(value, escape))
            {
                ExpansionResult expanded = Expansion.Expand(value, lookup, escape);
                if (expanded.Error is { } error) return new(null, [Faults.Mount(at, error)]);
                value = expanded.Text;
            }

            if (Set(builder, part, value) is { } fault) return new(null, [fault]);
        }

        return builder.Finish() is { } wrong ? new(null, [Faults.Mount(flag.Span, wrong)]) : new(builder.Mount, []);
    }

    /// <summary>What is wrong whatever the variables are; null if nothing is, as far as that can be told.</summary>
    public static Diagnostic? LiteralFault(MountFlag flag, char escape)
    {
        MountBuilder builder = new();
        bool isLiteral = true;
        foreach (MountField part in flag.Fields)
        {
            if (part.Value is { } value && !Expansion.IsPlain(value.AsSpan(), escape))
            {
                // What the other fields may be hangs on the type.
                if (part.Key.AsSpan().Equals("type", StringComparison.OrdinalIgnoreCase)) return null;
                isLiteral = false;
                if (builder.Knows(part.Key.Text.ToLowerInvariant())) continue;
            }

            if (Set(builder, part, part.Value?.Text) is { } fault) return fault;
        }

        return isLiteral && builder.Finish() is { } wrong ? Faults.Mount(flag.Span, wrong) : null;
    }

    private static Diagnostic? Set(MountBuilder builder, MountField part, string? value)
    {
        string field = value is null ? part.Key.Text : $"{part.Key.Text}={value}";
        return builder.Set(part.Key.Text.ToLowerInvariant(), value, field) is { } fault ? Faults.Mount(part.Value?.Span ?? part.Key.Span, fault) : null;
    }

    // One record of RFC 4180: a field that begins with a quote ends with one, and a doubled quote in it is one.
    private static List<(string Text, int Start)>? Csv(string text)
    {
        List<(string, int)> fields = [];
        if (text.Length == 0) return fields;
        for (int at = 0; ; at++)
        {
            int start = at;
            if (at < text.Length && text[at] == '"')
            {
                if (Quoted(text, ref at) is not { } quoted) return null;
                fields.Add((quoted, start));
            }
            else
            {
                while (at < text.Length && text[at] != ',') at++;
                string plain = text[start..at];
                if (plain.Contains('"')) return null;
                fields.Add((plain, start));
            }

            if (at >= text.Length) return fields;
            if (text[at] != ',') return null;
        }
    }

    private static string? Quoted(string text, ref int at)
    {
        StringBuilder field = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                field.Append(text[at]);
                continue;
            }

            if (++at >= text.Length || text[at] != '"') return field.ToString();
            field.Append('"');
        }

        return null;
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using ImageKit.Oci;

namespace ImageKit.Cli.Progress;

/// <summary>Progress as one JSON object a line; its shape is documented in `docs/cli.md`.</summary>
internal sealed class JsonView(TextWriter output) : IProgressView
{
    private readonly Lock _lock = new();

    public void Report(BuildEvent value)
    {
        string line = JsonSerializer.Serialize(Row(value), ProgressJson.Default.ProgressRow);
        lock (_lock) output.WriteLine(line);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ProgressRow Row(BuildEvent value) => value switch
    {
        StepStarted(BuildStep step) => Of("started", step),
        StepCached(BuildStep step) => Of("cached", step),
        StepCompleted(BuildStep step, TimeSpan elapsed) => Of("completed", step) with { Seconds = elapsed.TotalSeconds },
        StepFailed(BuildStep step, TimeSpan elapsed, string message) => Of("failed", step) with { Seconds = elapsed.TotalSeconds, Message = message },
        StepOutput(BuildStep step, string text, bool isError) => Of("output", step) with { Text = text, Stream = isError ? "stderr" : "stdout" },
        Transfer(string name, Digest blob, long bytes, long total, bool skipped) => new()
        {
            Event = "transfer",
            Name = name,
            Digest = blob.ToString(),
            Bytes = bytes,
            Total = total,
            Skipped = skipped,
        },
        Warning(string message) => new() { Event = "warning", Message = message },
        DiagnosticFound(string file, var found) => new()
        {
            Event = "diagnostic",
            File = file,
            Line = found.Span.Line,
            Code = found.Code,
            Message = found.Message,
            Mend = found.Mend,
        },
        Exported(string what, Digest digest, TimeSpan elapsed) => new()
        {
            Event = "exported",
            Message = what,
            Digest = digest.IsDefault ? null : digest.ToString(),
            Seconds = elapsed.TotalSeconds,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "an event of an unknown kind"),
    };

    private static ProgressRow Of(string name, BuildStep step) => new() { Event = name, Step = step.Number, Name = step.Name, Line = step.Line };
}

/// <summary>One line of `--progress json`; absent fields are left out.</summary>
internal sealed record ProgressRow
{
    public required string Event { get; init; }
    public int? Step { get; init; }
    public string? Name { get; init; }
    public string? File { get; init; }
    public int? Line { get; init; }
    public string? Stream { get; init; }
    public string? Text { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public string? Mend { get; init; }
    public string? Digest { get; init; }
    public long? Bytes { get; init; }
    public long? Total { get; init; }
    public bool? Skipped { get; init; }
    public double? Seconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressRow))]
internal sealed partial class ProgressJson : JsonSerializerContext;

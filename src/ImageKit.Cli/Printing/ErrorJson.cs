using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Cli.Printing;

/// <summary>Errors for programs: one JSON object on one line, in place of the text, where `--progress json` or the variable `IMAGEKIT_ERRORS` asks for it.</summary>
internal static class ErrorJson
{
    /// <summary>Whether the command line or the environment asks for JSON.</summary>
    public static bool IsWanted(string[] arguments) => Environment.GetEnvironmentVariable("IMAGEKIT_ERRORS") == "json"
        || arguments.Contains("--progress=json") || arguments.Contains("--progress=rawjson") || Array.IndexOf(arguments, "--progress") is >= 0 and var at && at + 1 < arguments.Length && arguments[at + 1] is "json" or "rawjson";

    public static void Write(TextWriter output, ImageKitException failure)
    {
        RegistryException? registry = ErrorText.RegistryOf(failure);
        output.WriteLine(JsonSerializer.Serialize(new ErrorRow
        {
            Code = failure.Code,
            Message = failure.What,
            Why = NullIfEmpty(failure.Why),
            Mend = NullIfEmpty(failure.Mend),
            Host = NullIfEmpty(registry?.Host),
            Request = NullIfEmpty(registry?.Request),
            Status = registry?.Status,
            RequestId = registry?.RequestId,
            Login = registry?.CredentialOrigin,
            RetryAfterSeconds = registry?.RetryAfter?.TotalSeconds,
            Errors = registry is { Errors.Length: > 0 } ? [.. registry.Errors.Select(said => new SaidRow(said.Code, said.Message, NullIfEmpty(said.Detail)))] : null,
            Attempts = registry is { Attempts.Length: > 0 } ? [.. registry.Attempts.Select(tried => new AttemptRow(tried.Request, tried.Status, tried.Outcome, tried.Took.TotalSeconds, tried.RequestId, tried.Login))] : null,
        }, ErrorRows.Default.ErrorRow));
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>The line of an error; absent fields are left out.</summary>
internal sealed record ErrorRow
{
    public string Event => "error";
    public required string Code { get; init; }
    public required string Message { get; init; }
    public string? Why { get; init; }
    public string? Mend { get; init; }
    public string? Host { get; init; }
    public string? Request { get; init; }
    public int? Status { get; init; }
    public string? RequestId { get; init; }
    public string? Login { get; init; }
    public double? RetryAfterSeconds { get; init; }
    public SaidRow[]? Errors { get; init; }
    public AttemptRow[]? Attempts { get; init; }
}

/// <summary>What a registry said.</summary>
internal sealed record SaidRow(string Code, string Message, string? Detail);

/// <summary>One request that failed.</summary>
internal sealed record AttemptRow(string Request, int? Status, string Outcome, double Seconds, string? RequestId, string? Login);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorRow))]
internal sealed partial class ErrorRows : JsonSerializerContext;

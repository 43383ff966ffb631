using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>What a token server gave.</summary>
/// <param name="Token">The token.</param>
/// <param name="Lifetime">How long it lasts from its making.</param>
/// <param name="Refresh">A token that stands for the login from now on; null if none was given.</param>
internal sealed record TokenAnswer(string Token, TimeSpan Lifetime, string? Refresh = null)
{
    public const int MostBytes = 1024 * 1024;

    // What the token specification says of an answer without it.
    private static readonly TimeSpan UnsaidLifetime = TimeSpan.FromSeconds(60);

    /// <summary>How long it may be sent: a minute less than it lasts, so that no request starts with a token about to end; of short ones, a quarter less.</summary>
    public TimeSpan UsableFor => Lifetime - TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerMinute, Lifetime.Ticks / 4));

    /// <summary>Reads the JSON; null if it holds no token.</summary>
    public static TokenAnswer? Parse(byte[]? json)
    {
        if (json is null) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            string? token = Text(document.RootElement, "token") ?? Text(document.RootElement, "access_token");
            // A header cannot carry line ends; no honest token has them.
            return token is null || token.Any(char.IsControl) ? null : new(token, LifetimeOf(document.RootElement), Text(document.RootElement, "refresh_token"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan LifetimeOf(JsonElement root) =>
        root.TryGetProperty("expires_in", out JsonElement seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetDouble(out double value) && value is > 0 and < 1e8
            ? TimeSpan.FromSeconds(value) : UnsaidLifetime;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageKit.Registry;

/// <summary>What one process tells the next of a mirror.</summary>
/// <param name="Until">Until when it is passed over; in the past for not.</param>
/// <param name="IsQuarantined">Whether it gave wrong bytes.</param>
/// <param name="Speed">How fast it was.</param>
/// <param name="Measured">When that was measured.</param>
internal readonly record struct KnownHealth(DateTimeOffset Until, bool IsQuarantined, HostSpeed Speed, DateTimeOffset Measured);

/// <summary>
/// What is kept on disk of mirrors, so that the next process does not ask those first that fail, and knows which is fast: who is left alone, and until when. Of use for
/// an hour at most; a file that is torn or gone is no loss.
/// </summary>
internal static class HealthFile
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Reads the file: what is known of mirrors, by name.</summary>
    public static Dictionary<string, KnownHealth> Read(string? path, DateTimeOffset now)
    {
        Dictionary<string, KnownHealth> known = new(StringComparer.Ordinal);
        if (path is null) return known;
        try
        {
            if (!File.Exists(path) || JsonNode.Parse(File.ReadAllBytes(path)) is not JsonObject saved) return known;
            foreach ((string host, JsonNode? value) in saved)
            {
                if (value is not JsonObject state) continue;
                DateTimeOffset until = Time(state, "until"), measured = Time(state, "measured");
                bool isLeftAlone = until > now && until <= now + Longest, isFresh = measured <= now && measured > now - Longest;
                HostSpeed speed = isFresh ? new(Number(state, "latency"), Number(state, "bytesPerSecond")) : default;
                if (isLeftAlone || speed.IsKnown) known[host] = new(isLeftAlone ? until : default, isLeftAlone && (bool?)state["quarantined"] == true, speed, measured);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            known.Clear(); // nothing is known then
        }
        return known;
    }

    /// <summary>Writes the file; another process that does so at once may win.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, KnownHealth>> states)
    {
        JsonObject saved = [];
        foreach ((string host, KnownHealth state) in states.OrderBy(state => state.Key, StringComparer.Ordinal))
        {
            JsonObject entry = [];
            if (state.Until != default) (entry["until"], entry["quarantined"]) = (Text(state.Until), state.IsQuarantined);
            if (state.Speed.IsKnown) (entry["latency"], entry["bytesPerSecond"], entry["measured"]) = (Math.Round(state.Speed.Latency, 6), Math.Round(state.Speed.BytesPerSecond), Text(state.Measured));
            if (entry.Count > 0) saved[host] = entry;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            string draft = $"{path}.{Guid.NewGuid():N}";
            File.WriteAllText(draft, saved.ToJsonString());
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next process finds out by itself.
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonObject state, string name) =>
        DateTimeOffset.TryParse((string?)state[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : default;

    private static double Number(JsonObject state, string name) => (double?)state[name] is { } number and >= 0 and < 1e12 ? number : 0;
}

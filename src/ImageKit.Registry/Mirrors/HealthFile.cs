using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageKit.Registry;

/// <summary>
/// What is kept on disk of mirrors that fail, so that the next process does not ask them first: who is left alone, and until when. Of use for
/// an hour at most; a file that is torn or gone is no loss.
/// </summary>
internal static class HealthFile
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Reads the file.</summary>
    /// <returns>The times until which mirrors are passed over, and whether as quarantined, by name.</returns>
    public static Dictionary<string, (DateTimeOffset Until, bool IsQuarantined)> Read(string? path, DateTimeOffset now)
    {
        Dictionary<string, (DateTimeOffset, bool)> known = new(StringComparer.Ordinal);
        if (path is null) return known;
        try
        {
            if (!File.Exists(path) || JsonNode.Parse(File.ReadAllBytes(path)) is not JsonObject saved) return known;
            foreach ((string host, JsonNode? value) in saved)
            {
                if (value is not JsonObject state || !DateTimeOffset.TryParse((string?)state["until"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset until)) continue;
                if (until > now && until <= now + Longest) known[host] = (until, (bool?)state["quarantined"] == true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            known.Clear(); // nothing is known then
        }
        return known;
    }

    /// <summary>Writes the file; another process that does so at once may win.</summary>
    public static void Write(string path, IEnumerable<(string Host, DateTimeOffset Until, bool IsQuarantined)> states)
    {
        JsonObject saved = [];
        foreach ((string host, DateTimeOffset until, bool quarantined) in states.OrderBy(state => state.Host, StringComparer.Ordinal))
            saved[host] = new JsonObject { ["until"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["quarantined"] = quarantined };
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
}

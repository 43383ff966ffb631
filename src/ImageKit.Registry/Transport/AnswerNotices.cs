using System.Collections.Concurrent;
using System.Text;

namespace ImageKit.Registry;

/// <summary>What answers tell beside what was asked: warnings, limits, and that requests are too many.</summary>
internal sealed class AnswerNotices(RegistryOptions options)
{
    private const int MostBytes = 4096;

    private readonly ConcurrentDictionary<RegistryNotice, bool> _told = new();

    public void Read(RegistryEndpoint endpoint, Answer answer)
    {
        if (RateLimit.Read(answer.Header("RateLimit-Limit"), answer.Header("RateLimit-Remaining"), answer.Header("Docker-RateLimit-Source")) is { } limit) endpoint.RateLimit = limit;
        if ((int)answer.Status == 429) endpoint.Pace.SlowDown(RetryAfter.Read(answer.Header("Retry-After"), options.Time));
        else if ((int)answer.Status < 500) endpoint.Pace.SpeedUp();
        if (options.Notices is null || answer.Header("Warning") is not { } header) return;
        foreach (string text in Texts(header))
        {
            RegistryNotice warning = new(endpoint.Host.Name, text);
            if (_told.TryAdd(warning, true)) options.Notices.Report(warning);
        }
    }

    // `299 - "text"`, several joined by commas; other codes and agents are not for people.
    private static IEnumerable<string> Texts(string header)
    {
        const string start = "299 - \"";
        if (header.Length > MostBytes) header = header[..MostBytes];
        for (int at = header.IndexOf(start, StringComparison.Ordinal); at >= 0; at = header.IndexOf(start, at, StringComparison.Ordinal))
        {
            StringBuilder text = new();
            for (at += start.Length; at < header.Length && header[at] != '"'; at++)
            {
                if (header[at] == '\\' && at + 1 < header.Length) at++;
                text.Append(char.IsControl(header[at]) ? ' ' : header[at]);
            }
            if (text.Length > 0) yield return text.ToString();
        }
    }
}

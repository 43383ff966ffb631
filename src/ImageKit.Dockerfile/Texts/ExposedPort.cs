using System.Collections.Immutable;
using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>A port of EXPOSE.</summary>
/// <param name="Port">0 to 65535.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
public readonly record struct ExposedPort(int Port, string Protocol)
{
    /// <summary>Reads one expanded word of EXPOSE, <c>[[ip:]hostPort:]port[-port][/protocol]</c>; a range becomes single ports, address and host port are dropped.</summary>
    /// <param name="text">The word.</param>
    /// <param name="ports">The ports in order; empty if the word is faulty.</param>
    /// <returns>What is wrong, in Docker's words; null if nothing is.</returns>
    public static string? Parse(string text, out ImmutableArray<ExposedPort> ports)
    {
        ArgumentNullException.ThrowIfNull(text);
        ports = [];
        string containerPart = text[(text.LastIndexOf(':') + 1)..];
        string[] parts = containerPart.Split('/');
        string protocol = parts.Length > 1 && parts[1].Length > 0 ? parts[1].ToLowerInvariant() : "tcp";
        if (parts.Length > 2 || protocol is not ("tcp" or "udp" or "sctp")) return "invalid proto: " + containerPart[(containerPart.IndexOf('/') + 1)..];
        if (parts[0].Length == 0) return $"no port specified: {text}<empty>";
        string[] range = parts[0].Split('-');
        if (range.Length > 2 || !TryPort(range[0], out int first) || !TryPort(range[^1], out int last)) return "invalid containerPort: " + parts[0];
        if (last < first) return "invalid range specified for port: " + parts[0];
        ports = [.. Enumerable.Range(first, last - first + 1).Select(port => new ExposedPort(port, protocol))];
        return null;
    }

    /// <summary>As in an image's config: <c>80/tcp</c>.</summary>
    public override string ToString() => $"{Port}/{Protocol}";

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
}

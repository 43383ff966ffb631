using System.Collections.Immutable;
using System.Globalization;

namespace ImageKit.Testing;

/// <summary>The first line and the headers of a request.</summary>
internal sealed record RequestHead(string Method, string Target, ImmutableDictionary<string, string> Headers)
{
    private const int MostHeaders = 1000;

    /// <summary>Whether the client waits for a word before it sends the body.</summary>
    public bool ExpectsContinue => Header("Expect")?.Equals("100-continue", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether the client wants no further request on this connection.</summary>
    public bool Closes => Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Bytes of the body; null if it comes in chunks.</summary>
    public long? BodyLength => Header("Transfer-Encoding") is not null ? null : long.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : 0;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Reads the head of the next request; null if there is none.</summary>
    /// <exception cref="IOException">It is no request of HTTP/1.1.</exception>
    public static async Task<RequestHead?> ReadAsync(SocketReader reader, CancellationToken cancel)
    {
        string? first = await reader.ReadLineAsync(cancel).ConfigureAwait(false);
        if (first is null) return null;
        if (first.Split(' ') is not [{ Length: > 0 } method, { Length: > 0 } target, "HTTP/1.1" or "HTTP/1.0"]) throw new IOException("This is no request.");
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        for (int count = 0; await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { Length: > 0 } line; count++)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || count == MostHeaders) throw new IOException("This is no header.");
            (string name, string value) = (line[..colon], line[(colon + 1)..].Trim());
            headers[name] = headers.TryGetValue(name, out string? before) ? $"{before}, {value}" : value;
        }
        return new(method, target, headers.ToImmutable());
    }

    /// <summary>The URL that was asked for; null if it is none.</summary>
    /// <param name="name">Host and port of this machine, for clients that know it by another name.</param>
    public Uri? Url(string name)
    {
        string text = Target.StartsWith('/') ? $"http://{Header("Host") ?? name}{Target}" : Target;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || !url.Scheme.StartsWith("http", StringComparison.Ordinal)) return null;
        return url.IsLoopback || !Target.StartsWith('/') ? url : new Uri($"http://{name}{Target}");
    }
}

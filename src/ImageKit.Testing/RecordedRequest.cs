using System.Collections.Immutable;

namespace ImageKit.Testing;

/// <summary>A request that an <see cref="InMemoryRegistry"/> got, and how it answered.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Url">The whole URL.</param>
/// <param name="Headers">The headers by name, without regard to case; several of one name are joined by commas.</param>
/// <param name="Status">The status of the answer, or 0 if the connection was broken.</param>
public sealed record RecordedRequest(string Method, Uri Url, ImmutableDictionary<string, string> Headers, int Status)
{
    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Method, host, path and status: `GET registry.test/v2/ 200`.</summary>
    public override string ToString() => $"{Method} {Url.Authority}{Url.AbsolutePath} {Status}";
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A port of EXPOSE.</summary>
/// <param name="Port">0 to 65535.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
public readonly record struct ExposedPort(int Port, string Protocol)
{
    /// <summary>Reads one expanded word of EXPOSE, <c>[[ip:]hostPort:]port[-port][/protocol]</c>; ranges become single ports, address and host port are dropped.</summary>
    /// <param name="text">The word.</param>
    /// <param name="ports">The ports in order; empty if the word is faulty.</param>
    /// <returns>What is wrong, in BuildKit's words; null if nothing is.</returns>
    public static string? Parse(string text, out ImmutableArray<ExposedPort> ports) => throw new NotImplementedException();

    /// <summary>As in an image's config: <c>80/tcp</c>.</summary>
    public override string ToString() => $"{Port}/{Protocol}";
}

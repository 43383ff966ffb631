using ImageKit.Registry;

namespace ImageKit.Cli.Printing;

/// <summary>Which host gave what, in the end; with registries alone there is nothing to tell.</summary>
internal static class TrafficText
{
    /// <param name="output">Where to.</param>
    /// <param name="kit">Who moved the bytes.</param>
    /// <param name="progress">The word of `--progress`; null for the usual.</param>
    public static void Write(TextWriter output, ImageKitClient kit, string? progress = null)
    {
        var hosts = kit.Registry.Traffic;
        if (progress is "json" or "none" || !hosts.Any(host => host.IsMirror)) return;
        foreach (HostTraffic host in hosts) output.WriteLine(Line(host));
    }

    internal static string Line(HostTraffic host)
    {
        string speed = host is { Bytes: > 0, BytesPerSecond: { } bytes } ? $", {HumanText.Size(bytes)}/s" : "";
        return $"{HumanText.Size(host.Bytes)} from {host.Host}{(host.IsMirror ? " (mirror)" : "")}{speed}{(host.State == HostState.Fit ? "" : ", " + host.State.ToString().ToLowerInvariant())}";
    }
}

namespace ImageKit.Registry;

/// <summary>How fast a host was lately: moving averages, in which a new measurement counts for a third. `default`: nothing is known.</summary>
/// <param name="Latency">Seconds from a request to the head of its answer; 0 for unknown.</param>
/// <param name="BytesPerSecond">How fast bytes came then; 0 for unknown.</param>
internal readonly record struct HostSpeed(double Latency, double BytesPerSecond)
{
    private const double NewWeight = 1.0 / 3;

    /// <summary>Whether anything was measured.</summary>
    public bool IsKnown => Latency > 0 || BytesPerSecond > 0;

    public HostSpeed Answered(double seconds) => this with { Latency = Mix(Latency, seconds) };

    public HostSpeed Gave(double bytesPerSecond) => this with { BytesPerSecond = Mix(BytesPerSecond, bytesPerSecond) };

    /// <summary>How many seconds so many bytes should take; 0 if that is not known.</summary>
    public double Expect(long bytes) => Latency + (BytesPerSecond > 0 ? bytes / BytesPerSecond : 0);

    private static double Mix(double old, double now) => old <= 0 ? Math.Max(now, 1e-6) : (old * (1 - NewWeight)) + (now * NewWeight);
}

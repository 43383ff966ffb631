namespace ImageKit.Dockerfile.Tests;

/// <summary>Measures processor time of this process, so that other programs on the machine do not count.</summary>
internal sealed class CpuWatch
{
    private readonly TimeSpan _start = Environment.CpuUsage.TotalTime;

    public TimeSpan Elapsed => Environment.CpuUsage.TotalTime - _start;
}

using System.Diagnostics;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>Waiting for what other processes do.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> happened, string what, int seconds = 60)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); !happened(); await Task.Delay(50))
        {
            if (watch.Elapsed.TotalSeconds > seconds) Assert.Fail($"Waited {seconds} s in vain for {what}.");
        }
    }
}

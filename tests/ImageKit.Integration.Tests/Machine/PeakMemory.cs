using System.Globalization;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>The most memory that a program held.</summary>
internal static class PeakMemory
{
    /// <summary>Runs a command that succeeds, and gives the megabytes that its process held at most.</summary>
    public static async Task<long> OfAsync(Command command)
    {
        using Running running = command.Start();
        long peak = 0;
        while (!running.Ended)
        {
            peak = Math.Max(peak, Kilobytes(running.Id));
            await Task.Delay(20);
        }
        Result result = await running.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.All);
        return peak / 1024;
    }

    private static long Kilobytes(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "VmHWM: 0 kB";
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // ended meanwhile
        }
    }
}

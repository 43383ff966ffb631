using System.Globalization;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Memory does not grow with the tree.</summary>
internal sealed class MemoryTests
{
    private const int MostMegabytes = 200;

    [TestCase(10_000)]
    [TestCase(100_000, Category = "Long")]
    public async Task Copying_many_small_files_takes_less_than_200_megabytes(int files)
    {
        await using Home home = await Home.MakeAsync();
        for (int i = 0; i < files; i++)
        {
            if (i % 1000 == 0) Directory.CreateDirectory(Path.Combine(home.Folder, $"context/tree/{i / 1000}"));
            await File.WriteAllTextAsync(Path.Combine(home.Folder, $"context/tree/{i / 1000}/file-{i}"), $"content {i}\n");
        }
        home.Write("Dockerfile", "FROM base\nCOPY tree /tree\n");
        using Running build = home.Build("-o", $"type=oci,dest={home["out"]},tar=false").Start();
        long peak = 0;
        while (!build.Ended)
        {
            peak = Math.Max(peak, PeakKilobytes(build.Id));
            await Task.Delay(20);
        }
        Result result = await build.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.All);
        TestContext.Out.WriteLine($"{files} files: {peak / 1024} MB");
        Assert.That(peak / 1024, Is.LessThan(MostMegabytes));
    }

    private static long PeakKilobytes(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "VmHWM: 0 kB";
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // Ended meanwhile.
        }
    }
}

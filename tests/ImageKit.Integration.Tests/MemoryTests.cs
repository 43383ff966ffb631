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
        long peak = await PeakMemory.OfAsync(home.Build("-o", $"type=oci,dest={home["out"]},tar=false"));
        TestContext.Out.WriteLine($"{files} files: {peak} MB");
        Assert.That(peak, Is.LessThan(MostMegabytes));
    }
}

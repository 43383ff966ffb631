using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Memory does not grow with the tree.</summary>
internal sealed class MemoryTests
{
    private const int MostMegabytes = 200;
    private const string InMemory = "/dev/shm"; // where many small files are made fast

    [TestCase(10_000)]
    [TestCase(100_000)]
    public async Task Copying_many_small_files_takes_less_than_200_megabytes(int files)
    {
        await using Home home = await Home.MakeAsync();
        string context = Directory.Exists(InMemory) ? Path.Combine(InMemory, Path.GetFileName(home.Folder)) : home["context"];
        try
        {
            Write(context, files);
            long peak = await PeakMemory.OfAsync(home.Tool("build", "--progress", "plain", "--build-context", $"base=oci-layout://{Bench.Busybox}:latest", "-o", $"type=oci,dest={home["out"]},tar=false", context));
            TestContext.Out.WriteLine($"{files} files: {peak} MB");
            Assert.That(peak, Is.LessThan(MostMegabytes));
        }
        finally
        {
            Directory.Delete(context, recursive: true);
        }
    }

    private static void Write(string context, int files)
    {
        for (int i = 0; i < files; i++)
        {
            string folder = Path.Combine(context, $"tree/{i / 1000}");
            if (i % 1000 == 0) Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"file-{i}"), $"content {i}\n");
        }
        File.WriteAllText(Path.Combine(context, "Dockerfile"), "FROM base\nCOPY tree /tree\n");
    }
}

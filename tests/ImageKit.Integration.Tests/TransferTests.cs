using System.Globalization;
using System.Security.Cryptography;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Transfers of the published tool, as its process shows them: how much memory they take, and what one process learns from another.</summary>
internal sealed class TransferTests
{
    private const int MostMegabytes = 100;

    [Test, Category("Long")]
    public async Task A_copy_takes_the_same_memory_whatever_the_size_of_the_blobs()
    {
        Need.Program("skopeo");
        using RegistryServer source = await RegistryServer.StartAsync("plain"), target = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        Dictionary<int, long> peaks = [];
        foreach (int megabytes in new[] { 16, 256 })
        {
            await PushAsync(home, $"{source.Host}/big:{megabytes}", layers: 6, megabytes);
            peaks[megabytes] = await PeakMemory.OfAsync(home.Tool("copy", "--progress", "none", $"{source.Host}/big:{megabytes}", $"{target.Host}/big:{megabytes}"));
            TestContext.Out.WriteLine($"6 layers of {megabytes} MB: {peaks[megabytes]} MB");
        }
        Assert.That(peaks.Values, Is.All.LessThan(MostMegabytes));
        Assert.That(peaks[256] - peaks[16], Is.LessThan(30), "sixteen times as much is no more memory");
        string ours = await InspectAsync($"{target.Host}/big:256"), theirs = await InspectAsync($"{source.Host}/big:256");
        Assert.That(ours, Is.EqualTo(theirs));
    }

    [Test]
    public async Task Another_process_leaves_a_mirror_alone_that_gave_wrong_bytes()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain"), mirror = await RegistryServer.StartAsync("plain");
        foreach (RegistryServer server in new[] { registry, mirror })
            await new Command("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{Bench.Busybox}:latest", $"docker://{server.Host}/app:1").SucceedAsync();
        foreach (string blob in Directory.GetFiles(Path.Combine(mirror.Folder, "data/docker/registry/v2/blobs"), "data", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 100_000)) FlipBit(blob);
        await using Home home = await Home.MakeAsync();
        string conf = home.Write("imagekit.toml", $"import = []\n[registry.\"{registry.Host}\"]\nmirrors = [{{ url = \"http://{mirror.Host}\" }}]\n", "configuration");
        string first = await PullAsync(home, conf, registry);
        Result copy = await home.Tool("copy", $"{registry.Host}/app:1", $"{registry.Host}/copy:1").With("IMAGEKIT_CONFIG", conf).RunAsync();
        Assert.That(copy.Error, Does.Contain($"from {registry.Host}").And.Contain($"from {mirror.Host} (mirror), quarantined"));
        Assert.That(Gets(mirror), Is.GreaterThan(0));
        foreach (string folder in new[] { "images", "layers" }) Directory.Delete(Path.Combine(home.Store, folder), recursive: true);
        int before = Gets(mirror);
        Assert.That(await PullAsync(home, conf, registry), Is.EqualTo(first));
        Assert.That(Gets(mirror), Is.EqualTo(before), await File.ReadAllTextAsync(Path.Combine(home.Store, "cache/mirrors.json")));
    }

    private static int Gets(RegistryServer server) => server.Log.Split('\n').Count(line => line.Contains("\"GET /v2/app/", StringComparison.Ordinal) || line.Contains("\"HEAD /v2/app/", StringComparison.Ordinal));

    private static Task<string> PullAsync(Home home, string conf, RegistryServer registry) =>
        home.Tool("pull", "-q", $"{registry.Host}/app:1").With("IMAGEKIT_CONFIG", conf).SucceedAsync();

    private static void FlipBit(string file)
    {
        using FileStream blob = new(file, FileMode.Open, FileAccess.ReadWrite);
        blob.Position = blob.Length / 2;
        int old = blob.ReadByte();
        blob.Position--;
        blob.WriteByte((byte)(old ^ 1));
    }

    private static Task<string> InspectAsync(string name) => new Command("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{name}").SucceedAsync();

    // Layers of random bytes: nothing looks into them on the way.
    private static async Task PushAsync(Home home, string name, int layers, int megabytes)
    {
        string layout = home[$"layout-{megabytes}"];
        Directory.CreateDirectory(Path.Combine(layout, "blobs/sha256"));
        List<string> made = [];
        byte[] bytes = new byte[megabytes * 1024 * 1024];
        for (int i = 0; i < layers; i++)
        {
            RandomNumberGenerator.Fill(bytes);
            made.Add(Entry("application/vnd.oci.image.layer.v1.tar", await BlobAsync(layout, bytes), bytes.Length));
        }
        byte[] config = """{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}"""u8.ToArray();
        string manifest = $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{Entry("application/vnd.oci.image.config.v1+json", await BlobAsync(layout, config), config.Length)}},"layers":[{{string.Join(',', made)}}]}""";
        byte[] document = System.Text.Encoding.UTF8.GetBytes(manifest);
        string root = Entry("application/vnd.oci.image.manifest.v1+json", await BlobAsync(layout, document), document.Length);
        await File.WriteAllTextAsync(Path.Combine(layout, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        await File.WriteAllTextAsync(Path.Combine(layout, "index.json"), $$"""{"schemaVersion":2,"manifests":[{{root}}]}""");
        await new Command("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{layout}", $"docker://{name}").SucceedAsync();
        Directory.Delete(layout, recursive: true);
    }

    private static string Entry(string type, string digest, int size) => $$"""{"mediaType":"{{type}}","digest":"sha256:{{digest}}","size":{{size.ToString(CultureInfo.InvariantCulture)}}}""";

    private static async Task<string> BlobAsync(string layout, byte[] bytes)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await File.WriteAllBytesAsync(Path.Combine(layout, "blobs/sha256", digest), bytes);
        return digest;
    }
}

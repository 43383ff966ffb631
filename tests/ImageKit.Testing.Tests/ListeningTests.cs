using System.Diagnostics;
using System.Text;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Testing.Tests;

/// <summary>The registry in memory on a port, for other programs.</summary>
internal sealed class ListeningTests
{
    [TestCase(false, TestName = "Skopeo copies what we pushed")]
    [TestCase(true, TestName = "Skopeo logs in by tokens and copies what we pushed")]
    public async Task Skopeo(bool login)
    {
        if (!File.Exists("/usr/bin/skopeo")) Assert.Ignore("skopeo is not installed.");
        using InMemoryRegistry registry = new(login: login ? new RegistryLogin("me", "secret") { UsesTokens = true } : null);
        string host = registry.Listen();
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Fixed(host, "me", "secret") });
        RegistryRepository repository = client.Repository(ImageReference.Parse($"{host}/a/b"));
        Descriptor root = await PushAsync(repository);
        string folder = Directory.CreateTempSubdirectory("imagekit-testing-").FullName;
        try
        {
            string[] credentials = login ? ["--src-creds", "me:secret"] : [];
            using Process skopeo = Process.Start("skopeo", ["copy", "--quiet", "--src-tls-verify=false", .. credentials, $"docker://{host}/a/b:v1", $"oci:{folder}/out:v1"]);
            await skopeo.WaitForExitAsync();
            Assert.That(skopeo.ExitCode, Is.Zero);
            Assert.That(File.Exists($"{folder}/out/blobs/sha256/{root.Digest.Encoded}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_cut_connection_on_a_real_socket_is_resumed()
    {
        using InMemoryRegistry registry = new();
        string host = registry.Listen();
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Anonymous });
        RegistryRepository repository = client.Repository(ImageReference.Parse($"{host}/a/b"));
        byte[] content = new byte[500_000];
        new Random(1).NextBytes(content);
        Descriptor blob = new() { MediaType = MediaTypes.LayerGzip, Digest = Digest.Of(content), Size = content.Length };
        await repository.PutAsync(blob, new MemoryStream(content));
        registry.Inject(new() { Method = "GET", Path = "/blobs/", CutAfter = 123_456 });
        await using Stream stream = await repository.OpenAsync(blob);
        using MemoryStream read = new();
        await stream.CopyToAsync(read);
        Assert.That(read.ToArray(), Is.EqualTo(content));
        Assert.That(registry.Requests.Last().Header("Range"), Does.StartWith("bytes="));
    }

    private static async Task<Descriptor> PushAsync(RegistryRepository repository)
    {
        Descriptor config = await PutAsync(repository, MediaTypes.Config, """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
        Descriptor root = await PutAsync(repository, MediaTypes.Manifest,
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{config.Digest}}","size":{{config.Size}}},"layers":[]}""");
        await repository.TagAsync("v1", root);
        return root;
    }

    private static async Task<Descriptor> PutAsync(RegistryRepository repository, string mediaType, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Descriptor blob = new() { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
        await repository.PutAsync(blob, new MemoryStream(bytes));
        return blob;
    }
}

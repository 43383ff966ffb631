using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageKit.Oci;
using ImageKit.Server.Tests.Conformance;

namespace ImageKit.Server.Tests.Storage;

/// <summary>What lies in the folder, between starts and after failures.</summary>
internal sealed class FolderTests
{
    [Test]
    public async Task Content_and_half_an_upload_outlive_the_server()
    {
        using TemporaryFolder folder = new();
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder["root"] };
        Digest image;
        string session;
        await using (RegistryServer first = await RegistryServer.StartAsync(options))
        {
            using HttpClient http = new() { BaseAddress = new(first.Address) };
            RegistryCalls calls = new(http, "a/b");
            image = await calls.PushImageAsync("V1.Mixed-Case");
            session = await calls.BeginAsync();
            await calls.PatchAsync(session, Bytes("hello "), "0-5");
        }
        await using RegistryServer second = await RegistryServer.StartAsync(options);
        using HttpClient later = new() { BaseAddress = new(second.Address) };
        RegistryCalls again = new(later, "a/b");
        Assert.That(await again.TagsAsync(), Is.EqualTo(new[] { "V1.Mixed-Case" }));
        Assert.That((await again.GetManifestAsync("V1.Mixed-Case")).Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { image.ToString() }));
        Assert.That((await again.SendAsync(HttpMethod.Get, session)).Headers.GetValues("Range"), Is.EqualTo(new[] { "0-5" }));
        HttpResponseMessage end = await again.PutAsync(session, Digest.Of("hello world"u8), Bytes("world"), "6-10");
        Assert.That((int)end.StatusCode, Is.EqualTo(201), "the whole was hashed anew");
    }

    [Test]
    public async Task What_came_before_a_connection_broke_stays()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync();
        RegistryCalls calls = new(registry.Http, "a/b");
        string session = await calls.BeginAsync();
        using (TcpClient client = new())
        {
            await client.ConnectAsync(IPEndPoint.Parse(registry.Host));
            await client.GetStream().WriteAsync(Bytes($"PATCH {session} HTTP/1.1\r\nHost: {registry.Host}\r\nContent-Length: 1000\r\n\r\n{new string('x', 400)}"));
            await WaitAsync(async () => (await calls.SendAsync(HttpMethod.Get, session)).Headers.GetValues("Range").Single() == "0-399");
            client.Client.LingerState = new(true, 0);
        }
        HttpResponseMessage rest = await calls.PutAsync(session, Digest.Of(Bytes(new string('x', 1000))), Bytes(new string('x', 600)), "400-999");
        Assert.That((int)rest.StatusCode, Is.EqualTo(201));
    }

    [Test]
    public async Task An_upload_belongs_to_its_repository()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync();
        string session = await new RegistryCalls(registry.Http, "a/b").BeginAsync();
        Assert.That((int)(await registry.Http.GetAsync(session.Replace("a/b", "c/d", StringComparison.Ordinal))).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task A_folder_is_served_once()
    {
        using TemporaryFolder folder = new();
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder["root"] };
        await using RegistryServer first = await RegistryServer.StartAsync(options);
        Assert.That(async () => await RegistryServer.StartAsync(options), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2071"));
        Assert.That(async () => await RegistryFolder.SweepAsync(folder["root"], TimeSpan.Zero), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2071"));
    }

    [Test]
    public void A_folder_of_something_else_is_left_alone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["letter.txt"], "dear");
        Assert.That(async () => await RegistryServer.StartAsync(new() { Listen = "127.0.0.1:0", Root = folder.Path }), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2076"));
        Assert.That(async () => await RegistryFolder.SweepAsync(folder["nowhere"], TimeSpan.Zero), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2076"));
    }

    [Test]
    public async Task A_port_that_is_taken_is_said()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync("memory");
        Assert.That(async () => await RegistryServer.StartAsync(new() { Listen = registry.Host }), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2070"));
        Assert.That(async () => await RegistryServer.StartAsync(new() { Listen = "nonsense:port" }), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2070"));
    }

    [Test]
    public async Task A_sweep_frees_what_no_manifest_needs_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder["root"] };
        Digest kept, untagged, orphan, signature;
        await using (RegistryServer server = await RegistryServer.StartAsync(options))
        {
            using HttpClient http = new() { BaseAddress = new(server.Address) };
            RegistryCalls calls = new(http, "a/b");
            untagged = await calls.PushImageAsync("v1", "{\"old\":true}");
            kept = await calls.PushImageAsync("v1", "{\"new\":true}");
            byte[] about = RegistryCalls.Manifest(await calls.PushAsync(Bytes("{\"signature\":1}")), 15, $$""","subject":{"mediaType":"{{MediaTypes.Manifest}}","digest":"{{kept}}","size":2}""");
            signature = Digest.Of(about);
            await calls.PutManifestAsync(signature.ToString(), about);
            orphan = await calls.PushAsync(Bytes("nobody needs me"));
        }
        Assert.That((await RegistryFolder.SweepAsync(folder["root"], TimeSpan.FromHours(1))).Blobs, Is.Zero, "all of it is young");
        Assert.That((await RegistryFolder.SweepAsync(folder["root"], TimeSpan.Zero, dryRun: true)).Blobs, Is.EqualTo(1));
        Assert.That(await RegistryFolder.SweepAsync(folder["root"], TimeSpan.Zero), Is.EqualTo(new SweepReport(0, 1, 15, 0)));
        SweepReport deep = await RegistryFolder.SweepAsync(folder["root"], TimeSpan.Zero, untagged: true);
        Assert.That((deep.Manifests, deep.Blobs), Is.EqualTo((1, 2)), "the manifest that lost its tag, and its config");

        await using RegistryServer again = await RegistryServer.StartAsync(options);
        using HttpClient later = new() { BaseAddress = new(again.Address) };
        RegistryCalls check = new(later, "a/b");
        Assert.That((int)(await check.HeadBlobAsync(orphan)).StatusCode, Is.EqualTo(404));
        Assert.That((int)(await check.GetManifestAsync(untagged.ToString())).StatusCode, Is.EqualTo(404));
        Assert.That((int)(await check.GetManifestAsync("v1")).StatusCode, Is.EqualTo(200));
        Assert.That(await (await check.SendAsync(HttpMethod.Get, $"/v2/a/b/referrers/{kept}")).Content.ReadAsStringAsync(), Does.Contain(signature.ToString()));
    }

    private static async Task WaitAsync(Func<Task<bool>> happened)
    {
        for (int tries = 0; tries < 200 && !await happened(); tries++) await Task.Delay(50);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

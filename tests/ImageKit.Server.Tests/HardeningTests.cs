using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageKit.Oci;
using ImageKit.Server.Tests.Conformance;

namespace ImageKit.Server.Tests;

/// <summary>Requests that no honest client sends.</summary>
internal sealed class HardeningTests
{
    [TestCase("/v2/../../etc/passwd/manifests/latest")]
    [TestCase("/v2/a/../../../etc/manifests/passwd")]
    [TestCase("/v2/%2e%2e/%2e%2e/etc/manifests/passwd")]
    [TestCase("/v2/a%2f..%2f..%2fetc/manifests/passwd")]
    [TestCase("/v2/a/b/manifests/..%2f..%2f..%2fetc%2fpasswd")]
    [TestCase("/v2/a/b/blobs/uploads/..%2f..%2fregistry-version")]
    [TestCase("/v2/a/b/blobs/sha256:..%2f..%2fregistry-version")]
    [TestCase("/v2/_manifests/manifests/latest")]
    [TestCase("/v2/A/manifests/latest")]
    [TestCase("/v2/a//b/manifests/latest")]
    [TestCase("/v2/a\\b/manifests/latest")]
    [TestCase("/etc/passwd")]
    [TestCase("/")]
    public async Task Paths_that_lead_elsewhere_lead_nowhere(string path)
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync();
        await new RegistryCalls(registry.Http, "a/b").PushImageAsync("latest");
        string answer = await RawAsync(registry.Host, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 4").And.Not.Contain("root:").And.Not.Contain("imagekit-registry 1"));
    }

    [Test]
    public async Task A_name_of_255_characters_is_taken_and_a_longer_one_is_not()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync();
        string name = string.Join('/', Enumerable.Repeat(new string('a', 63), 4));
        Assert.That(name, Has.Length.EqualTo(255));
        await new RegistryCalls(registry.Http, name).PushImageAsync("v1");
        HttpResponseMessage longer = await registry.Http.PostAsync($"/v2/{name}a/blobs/uploads/", null), endless = await registry.Http.GetAsync($"/v2/{new string('a', 8000)}/tags/list");
        Assert.That(((int)longer.StatusCode, (int)endless.StatusCode), Is.EqualTo((404, 404)));
    }

    [Test]
    public async Task Headers_without_end_are_refused()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync("memory");
        string many = string.Concat(Enumerable.Range(0, 1000).Select(number => $"X-{number}: {new string('y', 200)}\r\n"));
        Assert.That(await RawAsync(registry.Host, $"GET /v2/ HTTP/1.1\r\nHost: x\r\n{many}\r\n"), Does.StartWith("HTTP/1.1 431").Or.Empty);
        Assert.That(await RawAsync(registry.Host, $"GET /v2/{new string('a', 40_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), Does.StartWith("HTTP/1.1 414").Or.Empty);
    }

    [Test]
    public async Task What_is_read_only_takes_nothing_and_what_deletes_nothing_still_cancels_uploads()
    {
        await using ServedRegistry closed = await ServedRegistry.StartAsync("memory", options => options with { IsReadOnly = true });
        Assert.That((int)(await closed.Http.PostAsync("/v2/a/b/blobs/uploads/", null)).StatusCode, Is.EqualTo(405));
        await using ServedRegistry kept = await ServedRegistry.StartAsync("memory", options => options with { RefusesDeletion = true });
        RegistryCalls calls = new(kept.Http, "a/b");
        await calls.PushImageAsync("v1");
        Assert.That((int)(await calls.SendAsync(HttpMethod.Delete, "/v2/a/b/manifests/v1")).StatusCode, Is.EqualTo(405));
        Assert.That((int)(await calls.SendAsync(HttpMethod.Delete, await calls.BeginAsync())).StatusCode, Is.EqualTo(204));
    }

    [Test]
    public async Task An_upload_refused_in_the_middle_gets_its_answer_though_more_comes_late()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync("folder", options => options with { MaxBytes = 1_000_000 });
        using TcpClient client = new();
        await client.ConnectAsync(IPEndPoint.Parse(registry.Host));
        NetworkStream stream = client.GetStream();
        byte[] half = new byte[1_000_100];
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/a/b/blobs/uploads/?digest={Digest.Of("x"u8)} HTTP/1.1\r\nHost: x\r\nContent-Length: {2 * half.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(half);
        await Task.Delay(500); // by now it is refused, and has read all there is
        await stream.WriteAsync(half);
        using StreamReader reader = new(stream);
        Assert.That(await reader.ReadToEndAsync(), Does.StartWith("HTTP/1.1 507").And.Contain("\"errors\""));
    }

    [TestCase("127.0.0.1:5000", 0)]
    [TestCase("localhost:5000", 0)]
    [TestCase("5000", 0)]
    [TestCase("[::1]:5000", 0)]
    [TestCase(":5000", 2)]
    [TestCase("0.0.0.0:5000", 2)]
    public void What_is_open_to_others_is_said(string listen, int warnings)
    {
        Assert.That(RegistryServer.WarningsOf(new() { Listen = listen }), Has.Length.EqualTo(warnings));
        Assert.That(RegistryServer.WarningsOf(new() { Listen = listen, IsReadOnly = true, PublicUrl = "https://registry.example.com" }), Is.Empty);
    }

    [Test]
    public async Task Stopping_lets_a_transfer_come_to_its_end()
    {
        RegistryServer server = await RegistryServer.StartAsync(new() { Listen = "127.0.0.1:0" });
        using HttpClient http = new() { BaseAddress = new(server.Address) };
        RegistryCalls calls = new(http, "a/b");
        byte[] bytes = new byte[20_000_000];
        Oci.Digest digest = await calls.PushAsync(bytes);
        using HttpResponseMessage answer = await http.GetAsync($"/v2/a/b/blobs/{digest}", HttpCompletionOption.ResponseHeadersRead);
        Task stopping = server.StopAsync(TimeSpan.FromMinutes(1));
        Assert.That((await answer.Content.ReadAsByteArrayAsync()).Length, Is.EqualTo(bytes.Length));
        await stopping;
        Assert.That(async () => await http.GetAsync("/v2/"), Throws.InstanceOf<HttpRequestException>());
    }

    private static async Task<string> RawAsync(string host, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPEndPoint.Parse(host));
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            using StreamReader reader = new(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return ""; // refused before all was sent
        }
    }
}

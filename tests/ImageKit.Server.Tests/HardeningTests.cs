using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Server.Tests.Conformance;
using Microsoft.AspNetCore.Http;

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

    [Test]
    public async Task What_nobody_thought_of_is_answered_as_an_error_and_told_to_the_log()
    {
        List<ServedExchange> log = [];
        RegistryFront front = new(new(new MemoryContent()), new FrontRules { Log = new Listener(log) });
        DefaultHttpContext context = new();
        (context.Request.Method, context.Request.Path, context.Request.Body) = ("PUT", "/v2/a/b/manifests/v1", new BodyOfMistakes());
        context.Response.Body = new MemoryStream();
        await front.HandleAsync(context);
        context.Response.Body.Position = 0;
        Assert.That(context.Response.StatusCode, Is.EqualTo(500));
        Assert.That(await new StreamReader(context.Response.Body).ReadToEndAsync(), Does.StartWith("{\"errors\":[{\"code\":\"UNKNOWN\"").And.Not.Contain("nobody thought"));
        Assert.That((log.Single().Status, log.Single().Fault), Is.EqualTo((500, log.Single().Fault)));
        Assert.That(log.Single().Fault, Does.StartWith("InvalidOperationException: nobody thought of this").And.Contain("BodyOfMistakes"));
    }

    [TestCase("{\"schemaVersion\":2,\"mediaType\":\"\\ud800\"}", TestName = "Half a surrogate pair in a manifest")]
    [TestCase("{\"schemaVersion\":2,\"annotations\":{\"a\":\"\\udc00\"},\"layers\":[]}", TestName = "Half a surrogate pair in an annotation")]
    public async Task Texts_that_are_none(string manifest)
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync();
        HttpResponseMessage answer = await new RegistryCalls(registry.Http, "a/b").PutManifestAsync("v1", Encoding.UTF8.GetBytes(manifest));
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "MANIFEST_INVALID" }));
    }

    [Test]
    public async Task A_body_that_is_no_HTTP_is_answered_as_an_error()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync("memory");
        string answer = await RawAsync(registry.Host, "POST /v2/a/b/blobs/uploads/?digest=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contain("\"errors\":[{\"code\""));
    }

    [Test]
    public async Task Connections_above_the_limit_are_closed_and_those_below_go_on()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync("memory", options => options with { MaxConnections = 2 });
        using TcpClient first = new(), second = new(), third = new();
        foreach (TcpClient client in new[] { first, second, third }) await client.ConnectAsync(IPEndPoint.Parse(registry.Host));
        Assert.That(await AskAsync(first), Does.StartWith("HTTP/1.1 200"));
        Assert.That(await AskAsync(second), Does.StartWith("HTTP/1.1 200"));
        Assert.That(await AskAsync(third), Is.Empty);
        Assert.That(await AskAsync(first), Does.StartWith("HTTP/1.1 200"));

        static async Task<string> AskAsync(TcpClient client)
        {
            try
            {
                await client.GetStream().WriteAsync("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
                byte[] answer = new byte[4096];
                return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Test, Category("Long")]
    public async Task Clients_that_send_a_byte_now_and_then_are_sent_away()
    {
        await using ServedRegistry registry = await ServedRegistry.StartAsync("memory");
        string head = $"POST /v2/a/b/blobs/uploads/?digest={Digest.Of("x"u8)} HTTP/1.1\r\nHost: x\r\n";
        string[] ends = await Task.WhenAll(DripAsync(head), DripAsync(head + "Content-Length: 100000\r\n\r\n"), DripAsync(""));
        Assert.That(ends[0], Does.StartWith("HTTP/1.1 408"), "in the headers");
        Assert.That(ends[1], Does.StartWith("HTTP/1.1 408").And.Contain("\"errors\""), "in the body");
        Assert.That(ends[2], Does.StartWith("HTTP/1.1 4"), "before the first line");

        async Task<string> DripAsync(string begin)
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPEndPoint.Parse(registry.Host));
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(begin));
            Task<string> answer = ReadAsync(stream);
            for (int second = 0; second < 90 && !answer.IsCompleted; second++)
            {
                try
                {
                    await stream.WriteAsync("a"u8.ToArray());
                }
                catch (IOException)
                {
                    break;
                }
                await Task.WhenAny(answer, Task.Delay(1000));
            }
            return await answer;
        }

        static async Task<string> ReadAsync(NetworkStream stream)
        {
            StringBuilder text = new();
            byte[] buffer = new byte[4096];
            try
            {
                while (await stream.ReadAsync(buffer) is > 0 and int count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
            catch (IOException)
            {
                // Closed while we still sent: what it said came before.
            }
            return text.ToString();
        }
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

    private sealed class Listener(List<ServedExchange> log) : IProgress<ServedExchange>
    {
        public void Report(ServedExchange value) => log.Add(value);
    }

    private sealed class BodyOfMistakes : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new InvalidOperationException("nobody thought of this");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidOperationException("nobody thought of this");
    }
}

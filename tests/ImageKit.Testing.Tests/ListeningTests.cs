using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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

    [TestCase(true, TestName = "A connection that is told to is reset")]
    [TestCase(false, TestName = "A connection that is told to ends in order")]
    public async Task Breaks(bool resets)
    {
        using InMemoryRegistry registry = new();
        IPEndPoint address = IPEndPoint.Parse(registry.Listen());
        foreach (RegistryFault fault in new RegistryFault[] { new() { BreakConnection = true }, new() { CutAfter = 1 }, new() { BreakBodyAfter = 1 } })
        {
            registry.Inject(fault with { Resets = resets });
            using TcpClient client = new();
            await client.ConnectAsync(address);
            await client.Client.SendAsync("POST /v2/a/b/blobs/uploads/?digest=sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"u8.ToArray());
            SocketException? error = null;
            try
            {
                while (await client.Client.ReceiveAsync(new byte[1000]) > 0) { }
            }
            catch (SocketException broken)
            {
                error = broken;
            }
            Assert.That(error?.SocketErrorCode, resets ? Is.EqualTo(SocketError.ConnectionReset) : Is.Null, fault.ToString());
        }
    }

    [Test]
    public async Task One_connection_carries_many_requests_and_bodies_in_chunks()
    {
        using InMemoryRegistry registry = new();
        int connections = 0;
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 1 };
        handler.ConnectCallback = async (context, cancel) =>
        {
            connections++;
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using HttpClient http = new(handler) { BaseAddress = new($"http://{registry.Listen()}/") };
        foreach (bool asks in new[] { false, true })
        {
            byte[] bytes = new byte[300_000];
            new Random(asks ? 1 : 2).NextBytes(bytes);
            using HttpRequestMessage request = new(HttpMethod.Post, $"v2/a/b/blobs/uploads/?digest={Digest.Of(bytes)}") { Content = new StreamContent(new MemoryStream(bytes)) };
            (request.Headers.TransferEncodingChunked, request.Headers.ExpectContinue) = (true, asks);
            Assert.That((int)(await http.SendAsync(request)).StatusCode, Is.EqualTo(201));
            Assert.That(await http.GetByteArrayAsync($"v2/a/b/blobs/{Digest.Of(bytes)}"), Is.EqualTo(bytes));
            Assert.That((int)(await http.GetAsync("v2/a/b/manifests/none")).StatusCode, Is.EqualTo(404));
        }
        Assert.That(connections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_packed_body_and_lengths_that_are_lies_reach_the_client_as_they_were_told()
    {
        using InMemoryRegistry registry = new();
        using HttpClient http = new() { BaseAddress = new($"http://{registry.Listen()}/") };
        registry.Inject(new() { Packs = true });
        HttpResponseMessage packed = await http.GetAsync("v2/");
        Assert.That(packed.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        registry.Inject(new() { DeclaredLength = 100 });
        Assert.That(async () => await http.GetByteArrayAsync("v2/"), Throws.InstanceOf<HttpRequestException>(), "it ends before");
        registry.Inject(new() { DeclaredLength = 1 });
        Assert.That(await http.GetStringAsync("v2/"), Is.EqualTo("{"));
        Assert.That(await http.GetStringAsync("v2/"), Is.EqualTo("{}"), "the next one is whole again");
    }

    [Test]
    public async Task What_is_no_request_is_answered_or_ends_the_connection()
    {
        using InMemoryRegistry registry = new();
        IPEndPoint address = IPEndPoint.Parse(registry.Listen());
        foreach (string text in new[] { "nonsense\r\n\r\n", "GET /v2/ HTTP/1.1\r\nno header\r\n\r\n", "GET ftp://x/ HTTP/1.1\r\n\r\n", "PUT /v2/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n" })
        {
            using TcpClient client = new();
            await client.ConnectAsync(address);
            await client.Client.SendAsync(Encoding.ASCII.GetBytes(text));
            byte[] answer = new byte[1000];
            int read = await client.Client.ReceiveAsync(answer);
            Assert.That(Encoding.ASCII.GetString(answer, 0, read), Is.Empty.Or.StartsWith("HTTP/1.1 400"), text);
        }
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

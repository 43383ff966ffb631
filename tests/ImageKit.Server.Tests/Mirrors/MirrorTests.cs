using System.Net.Http.Headers;
using System.Text;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Server.Tests.Conformance;
using ImageKit.Testing;

namespace ImageKit.Server.Tests.Mirrors;

/// <summary>A pull-through cache in front of a registry that records what it is asked, and goes wrong when it is told to.</summary>
internal sealed class MirrorTests
{
    private InMemoryRegistry _upstream = null!;
    private string _upstreamHost = null!;

    [SetUp]
    public void Start()
    {
        _upstream = new();
        _upstreamHost = _upstream.Listen();
    }

    [TearDown]
    public void Stop() => _upstream.Dispose();

    [Test]
    public async Task An_image_comes_through_and_is_there_when_the_upstream_is_gone()
    {
        SmallImage image = await SeedAsync("team/app", "v1");
        await using ServedRegistry mirror = await MirrorAsync(TimeSpan.Zero);
        Assert.That(await PullAsync(mirror.Host, "team/app", "v1"), Is.EqualTo(image.Root.Digest));
        _upstream.ForgetRequests();
        Assert.That(await PullAsync(mirror.Host, "team/app", "v1"), Is.EqualTo(image.Root.Digest));
        Assert.That(_upstream.Requests.Select(request => request.Method), Is.EqualTo(new[] { "HEAD" }), "only the tag is asked for again");

        _upstream.Inject(new() { Status = 503, Times = int.MaxValue });
        HttpResponseMessage stale = await mirror.Http.GetAsync("/v2/team/app/manifests/v1");
        Assert.That((int)stale.StatusCode, Is.EqualTo(200));
        Assert.That(stale.Headers.GetValues("Warning").Single(), Does.StartWith("299 - \"").And.Contain("out of date"));
        Assert.That(stale.Headers.GetValues("X-Cache").Single(), Is.EqualTo("stale"));
        Assert.That(await PullAsync(mirror.Host, "team/app", "v1"), Is.EqualTo(image.Root.Digest));
        Assert.That((int)(await mirror.Http.GetAsync("/v2/team/app/manifests/other")).StatusCode, Is.EqualTo(502), "what was never asked for");
    }

    [Test]
    public async Task Many_clients_at_once_cost_one_fetch_of_a_blob()
    {
        byte[] bytes = Bytes(3_000_000);
        Digest digest = await SeedBlobAsync("team/app", bytes);
        _upstream.Inject(new() { Method = "GET", Path = "/blobs/", BytesPerSecond = 8_000_000 });
        await using ServedRegistry mirror = await MirrorAsync();
        _upstream.ForgetRequests();
        byte[][] got = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}")));
        Assert.That(got.All(one => one.AsSpan().SequenceEqual(bytes)), Is.True);
        Assert.That(UpstreamGets("/blobs/"), Is.EqualTo(1));
    }

    [Test]
    public async Task Many_clients_at_once_cost_one_fetch_of_a_manifest()
    {
        SmallImage image = await SeedAsync("team/app", "v1");
        await using ServedRegistry mirror = await MirrorAsync();
        _upstream.ForgetRequests();
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => mirror.Http.GetAsync("/v2/team/app/manifests/v1")));
        Assert.That(answers.Select(answer => answer.Headers.GetValues("Docker-Content-Digest").Single()), Is.All.EqualTo(image.Root.Digest.ToString()));
        Assert.That(UpstreamGets("/manifests/"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_client_that_goes_away_breaks_neither_the_others_nor_the_cache()
    {
        byte[] bytes = Bytes(1_200_000);
        Digest digest = await SeedBlobAsync("team/app", bytes);
        _upstream.Inject(new() { Method = "GET", Path = "/blobs/", BytesPerSecond = 1_500_000 });
        await using ServedRegistry mirror = await MirrorAsync();
        using (HttpResponseMessage first = await mirror.Http.GetAsync($"/v2/team/app/blobs/{digest}", HttpCompletionOption.ResponseHeadersRead))
        {
            await (await first.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1000]);
        }
        Assert.That(await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}"), Is.EqualTo(bytes));
        Assert.That(UpstreamGets("/blobs/"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_range_of_a_blob_that_is_still_coming_is_served()
    {
        byte[] bytes = Bytes(1_200_000);
        Digest digest = await SeedBlobAsync("team/app", bytes);
        _upstream.Inject(new() { Method = "GET", Path = "/blobs/", BytesPerSecond = 1_500_000 });
        await using ServedRegistry mirror = await MirrorAsync();
        Task<byte[]> whole = mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}");
        HttpRequestMessage request = new(HttpMethod.Get, $"/v2/team/app/blobs/{digest}");
        request.Headers.Range = new RangeHeaderValue(1_000_000, 1_000_999);
        HttpResponseMessage part = await mirror.Http.SendAsync(request);
        Assert.That((int)part.StatusCode, Is.EqualTo(206));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[1_000_000..1_001_000]));
        Assert.That(await whole, Is.EqualTo(bytes));
    }

    [Test]
    public async Task Wrong_bytes_are_shown_whole_to_nobody_and_are_not_kept()
    {
        byte[] bytes = Bytes(500_000);
        Digest digest = await SeedBlobAsync("team/app", bytes);
        await using ServedRegistry mirror = await MirrorAsync();
        _upstream.Inject(new() { Method = "GET", Path = "/blobs/", FlipAt = 1234 });
        Assert.That(async () => await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}"), Throws.InstanceOf<HttpRequestException>());
        Assert.That(await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}"), Is.EqualTo(bytes), "the upstream mended itself");
    }

    [Test]
    public async Task A_connection_to_the_upstream_that_breaks_is_resumed_unseen()
    {
        byte[] bytes = Bytes(500_000);
        Digest digest = await SeedBlobAsync("team/app", bytes);
        await using ServedRegistry mirror = await MirrorAsync();
        _upstream.Inject(new() { Method = "GET", Path = "/blobs/", CutAfter = 200_000 });
        Assert.That(await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}"), Is.EqualTo(bytes));
        Assert.That(_upstream.Requests.Last().Header("Range"), Does.StartWith("bytes="));
    }

    [Test]
    public async Task A_tag_is_believed_for_its_time_and_then_asked_for_by_HEAD()
    {
        await SeedAsync("team/app", "v1");
        await using ServedRegistry patient = await MirrorAsync(TimeSpan.FromHours(1)), eager = await MirrorAsync(TimeSpan.Zero);
        foreach (ServedRegistry mirror in new[] { patient, eager }) await mirror.Http.GetAsync("/v2/team/app/manifests/v1");
        SmallImage second = await SeedAsync("team/app", "v1", seed: 2);
        string[] seen = [.. await Task.WhenAll(new[] { patient, eager }.Select(async mirror => (await mirror.Http.GetAsync("/v2/team/app/manifests/v1")).Headers.GetValues("Docker-Content-Digest").Single()))];
        Assert.That(seen[0], Is.Not.EqualTo(second.Root.Digest.ToString()));
        Assert.That(seen[1], Is.EqualTo(second.Root.Digest.ToString()));
    }

    [Test]
    public async Task What_is_not_there_is_not_remembered_as_missing()
    {
        await using ServedRegistry mirror = await MirrorAsync(TimeSpan.FromHours(1));
        byte[] bytes = Bytes(1000);
        Assert.That((int)(await mirror.Http.GetAsync("/v2/team/app/manifests/v1")).StatusCode, Is.EqualTo(404));
        Assert.That((int)(await mirror.Http.GetAsync($"/v2/team/app/blobs/{Digest.Of(bytes)}")).StatusCode, Is.EqualTo(404));
        SmallImage image = await SeedAsync("team/app", "v1");
        await SeedBlobAsync("team/app", bytes);
        Assert.That(await PullAsync(mirror.Host, "team/app", "v1"), Is.EqualTo(image.Root.Digest));
        Assert.That(await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{Digest.Of(bytes)}"), Is.EqualTo(bytes));
    }

    [Test]
    public async Task What_a_server_that_was_killed_had_fetched_of_a_blob_is_not_fetched_again()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = Bytes(900_000), wrong = Bytes(900_000, seed: 2);
        Digest digest = await SeedBlobAsync("team/app", bytes);
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder["root"], MirrorOf = ["http://" + _upstreamHost] };
        await (await RegistryServer.StartAsync(options)).DisposeAsync();
        string half = Path.Combine(folder["root"], "cache", "uploads", "fetch-sha256-" + digest.Encoded); // as kill -9 leaves it
        await File.WriteAllBytesAsync(half, bytes[..600_000]);
        await using RegistryServer server = await RegistryServer.StartAsync(options);
        using HttpClient http = new() { BaseAddress = new(server.Address) };
        Assert.That(await http.GetByteArrayAsync($"/v2/team/app/blobs/{digest}"), Is.EqualTo(bytes));
        Assert.That(_upstream.Requests.Where(request => request.Method == "GET").Select(request => request.Header("Range")), Is.EqualTo(new[] { "bytes=600000-" }));

        Digest other = await SeedBlobAsync("team/app", wrong);
        await File.WriteAllBytesAsync(half.Replace(digest.Encoded, other.Encoded, StringComparison.Ordinal), bytes[..600_000]); // as a loss of power may
        Assert.That(async () => await http.GetByteArrayAsync($"/v2/team/app/blobs/{other}"), Throws.InstanceOf<HttpRequestException>(), "nobody gets it whole");
        Assert.That(await http.GetByteArrayAsync($"/v2/team/app/blobs/{other}"), Is.EqualTo(wrong), "and the next one gets it right");
    }

    [Test]
    public async Task What_was_not_used_for_longest_goes_first()
    {
        await using ServedRegistry mirror = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + _upstreamHost], MaxBytes = 1_000_000 });
        List<Digest> blobs = [];
        for (int number = 0; number < 4; number++)
        {
            blobs.Add(await SeedBlobAsync("team/app", Bytes(200_000, seed: number)));
            await GetAsync(number);
            for (int tries = 0; tries < 500 && !File.Exists(FileOf(number)); tries++) await Task.Delay(10); // it is shown before it is kept
            File.SetLastWriteTimeUtc(FileOf(number), DateTime.UtcNow.AddHours(number - 10)); // the first one came first
        }
        await GetAsync(0); // and is used last
        blobs.Add(await SeedBlobAsync("team/app", Bytes(390_000, seed: 4)));
        await GetAsync(4);
        for (int tries = 0; tries < 500 && !File.Exists(FileOf(4)); tries++) await Task.Delay(10);
        Assert.That(Enumerable.Range(0, 5).Select(number => File.Exists(FileOf(number))), Is.EqualTo(new[] { true, false, false, true, true }));

        async Task GetAsync(int number) => Assert.That((await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{blobs[number]}")).Length, Is.GreaterThan(0));

        string FileOf(int number) => Path.Combine(mirror.Root, "cache", "blobs", "sha256", blobs[number].Encoded[..2], blobs[number].Encoded);
    }

    [Test]
    public async Task More_blobs_at_once_than_there_is_room_for_come_through_all_the_same()
    {
        await using ServedRegistry mirror = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + _upstreamHost], MaxBytes = 1_000_000 });
        Digest[] blobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => SeedBlobAsync("team/app", Bytes(400_000, seed: number))));
        _upstream.Inject(new() { Method = "GET", Path = "/blobs/", BytesPerSecond = 1_000_000, Times = 100 });
        byte[][] got = await Task.WhenAll(blobs.Select(blob => mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{blob}")));
        Assert.That(got.Select(bytes => Digest.Of(bytes)), Is.EqualTo(blobs));
        _upstream.Heal();
        for (int number = 0; number < 8; number++) Assert.That((await mirror.Http.GetByteArrayAsync($"/v2/team/app/blobs/{blobs[number]}")).Length, Is.EqualTo(400_000));
        for (int tries = 0; tries < 500 && Directory.EnumerateFiles(Path.Combine(mirror.Root, "cache", "uploads"), "fetch-*").Any(); tries++) await Task.Delay(10); // being put in its place
        long used = new DirectoryInfo(Path.Combine(mirror.Root, "cache")).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Length > 1000).Sum(file => file.Length);
        Assert.That(used, Is.LessThanOrEqualTo(1_000_000));
    }

    [Test]
    public async Task A_tag_that_the_upstream_deleted_is_gone()
    {
        await SeedAsync("team/app", "v1");
        await using ServedRegistry mirror = await MirrorAsync(TimeSpan.Zero);
        await mirror.Http.GetAsync("/v2/team/app/manifests/v1");
        using RegistryClient client = new(_upstream.CreateOptions());
        await client.Repository(ImageReference.Parse("registry.test/team/app")).DeleteTagAsync("v1");
        Assert.That((int)(await mirror.Http.GetAsync("/v2/team/app/manifests/v1")).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task Lists_of_tags_and_referrers_are_the_upstreams()
    {
        SmallImage image = await SeedAsync("team/app", "v1");
        await SeedAsync("team/app", "v2");
        await using ServedRegistry mirror = await MirrorAsync();
        RegistryCalls calls = new(mirror.Http, "team/app");
        Assert.That(await calls.TagsAsync(), Is.EqualTo(new[] { "v1", "v2" }));
        Assert.That(await calls.TagsAsync("?n=1"), Is.EqualTo(new[] { "v1" }));
        Assert.That(await mirror.Http.GetStringAsync($"/v2/team/app/referrers/{image.Root.Digest}"), Does.Contain("\"manifests\":[]"));
    }

    [Test]
    public async Task Nothing_can_be_pushed_to_a_mirror_or_deleted_from_it()
    {
        SmallImage image = await SeedAsync("team/app", "v1");
        await using ServedRegistry mirror = await MirrorAsync();
        RegistryCalls calls = new(mirror.Http, "team/app");
        HttpResponseMessage upload = await calls.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/"), manifest = await calls.PutManifestAsync("v2", "{}"u8.ToArray());
        HttpResponseMessage delete = await calls.SendAsync(HttpMethod.Delete, $"/v2/team/app/manifests/{image.Root.Digest}");
        Assert.That(((int)upload.StatusCode, (int)manifest.StatusCode, (int)delete.StatusCode), Is.EqualTo((405, 404, 405)).Or.EqualTo((405, 405, 405)));
        Assert.That(await RegistryCalls.CodesAsync(upload), Is.EqualTo(new[] { "UNSUPPORTED" }));
        Assert.That(_upstream.Requests.Where(request => request.Method is "POST" or "PUT" or "DELETE").Skip(10), Is.Empty);
    }

    [Test]
    public async Task Several_upstreams_are_told_apart_by_name_and_by_ns_and_no_other_is_ever_asked()
    {
        using InMemoryRegistry second = new("second.test");
        SmallImage one = await SeedAsync("team/app", "v1"), two = await SmallImage.PushAsync(second, "team/app", "v1", seed: 9);
        await using ServedRegistry mirror = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = [$"one=http://{_upstreamHost}", $"two=http://{second.Listen()}"] });
        Assert.That(await DigestAsync("/v2/one/team/app/manifests/v1"), Is.EqualTo(one.Root.Digest.ToString()));
        Assert.That(await DigestAsync("/v2/two/team/app/manifests/v1"), Is.EqualTo(two.Root.Digest.ToString()));
        Assert.That(await DigestAsync("/v2/team/app/manifests/v1?ns=two"), Is.EqualTo(two.Root.Digest.ToString()));
        Assert.That(await DigestAsync($"/v2/team/app/manifests/v1?ns={_upstreamHost}"), Is.EqualTo(one.Root.Digest.ToString()));
        HttpResponseMessage told = await mirror.Http.GetAsync("/v2/team/app/manifests/v1?ns=two"), foreign = await mirror.Http.GetAsync("/v2/team/app/manifests/v1?ns=169.254.169.254");
        Assert.That(told.Headers.GetValues("OCI-Namespace"), Is.EqualTo(new[] { "two" }));
        Assert.That((int)foreign.StatusCode, Is.EqualTo(404));
        Digest mine = await new RegistryCalls(mirror.Http, "mine/app").PushImageAsync("v1");
        Assert.That(await DigestAsync("/v2/mine/app/manifests/v1"), Is.EqualTo(mine.ToString()), "beside the mirrors it is a registry");

        async Task<string> DigestAsync(string path) => (await mirror.Http.GetAsync(path)).Headers.GetValues("Docker-Content-Digest").Single();
    }

    [Test]
    public async Task Logins_of_clients_do_not_reach_the_upstream_and_its_own_come_from_one_file()
    {
        using InMemoryRegistry secret = new("secret.test", new RegistryLogin("me", "secret"));
        string host = secret.Listen();
        using RegistryClient pusher = new(new RegistryOptions { Credentials = CredentialSources.Fixed(host, "me", "secret"), Mirrors = MirrorConfiguration.None });
        SmallImage image = await SmallImage.PushAsync(pusher, $"{host}/team/app", "v1");
        await using ServedRegistry without = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + host] });
        HttpRequestMessage request = new(HttpMethod.Get, "/v2/team/app/manifests/v1");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("me:secret"u8));
        Assert.That((int)(await without.Http.SendAsync(request)).StatusCode, Is.EqualTo(403));

        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["config.json"], $"{{\"auths\":{{\"{host}\":{{\"auth\":\"{Convert.ToBase64String("me:secret"u8)}\"}}}}}}");
        await using ServedRegistry with = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + host], MirrorLogins = folder["config.json"] });
        Assert.That((await with.Http.GetAsync("/v2/team/app/manifests/v1")).Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { image.Root.Digest.ToString() }));
    }

    [Test]
    public async Task An_upstream_that_is_asked_too_often_is_left_alone_for_as_long_as_it_wants()
    {
        await SeedAsync("team/app", "v1");
        await using ServedRegistry mirror = await MirrorAsync(TimeSpan.Zero);
        await mirror.Http.GetAsync("/v2/team/app/manifests/v1");
        _upstream.Inject(new() { Status = 429, Times = int.MaxValue, Headers = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("Retry-After", "120") });
        Assert.That((await mirror.Http.GetAsync("/v2/team/app/manifests/v1")).Headers.GetValues("X-Cache").Single(), Is.EqualTo("stale"));
        _upstream.ForgetRequests();
        Assert.That((await mirror.Http.GetAsync("/v2/team/app/manifests/v1")).Headers.GetValues("X-Cache").Single(), Is.EqualTo("stale"));
        Assert.That(_upstream.Requests, Is.Empty);
        HttpResponseMessage never = await mirror.Http.GetAsync("/v2/team/app/manifests/v9");
        Assert.That((int)never.StatusCode, Is.EqualTo(429));
        Assert.That(never.Headers.RetryAfter?.Delta?.TotalSeconds, Is.GreaterThan(60));
    }

    [Test]
    public async Task The_cache_stays_within_its_limit_and_what_was_pushed_stays()
    {
        await using ServedRegistry mirror = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = [$"hub=http://{_upstreamHost}"], MaxBytes = 1_000_000 });
        byte[] mine = Bytes(300_000, seed: 77);
        Digest kept = await new RegistryCalls(mirror.Http, "mine/app").PushAsync(mine);
        List<Digest> blobs = [];
        for (int number = 0; number < 8; number++)
        {
            blobs.Add(await SeedBlobAsync("team/app", Bytes(200_000, seed: number)));
            Assert.That((await mirror.Http.GetByteArrayAsync($"/v2/hub/team/app/blobs/{blobs[^1]}")).Length, Is.EqualTo(200_000));
        }
        long used = new DirectoryInfo(mirror.Root).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.FullName.Contains("/blobs/", StringComparison.Ordinal)).Sum(file => file.Length);
        Assert.That(used, Is.LessThanOrEqualTo(1_000_000));
        Assert.That(await mirror.Http.GetByteArrayAsync($"/v2/mine/app/blobs/{kept}"), Is.EqualTo(mine));
        _upstream.ForgetRequests();
        Assert.That((await mirror.Http.GetByteArrayAsync($"/v2/hub/team/app/blobs/{blobs[0]}")).Length, Is.EqualTo(200_000), "gone, and fetched again");
        Assert.That(_upstream.Requests, Is.Not.Empty);
        byte[] huge = Bytes(1_500_000, seed: 99);
        Digest large = await SeedBlobAsync("team/app", huge);
        Assert.That(await mirror.Http.GetByteArrayAsync($"/v2/hub/team/app/blobs/{large}"), Is.EqualTo(huge), "too large to be kept, but passed on");
        HttpResponseMessage refused = await mirror.Http.PostAsync($"/v2/mine/app/blobs/uploads/?digest={Digest.Of(huge)}", new ByteArrayContent(huge));
        Assert.That((int)refused.StatusCode, Is.EqualTo(507));
    }

    private Task<ServedRegistry> MirrorAsync(TimeSpan? tagLifetime = null) =>
        ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + _upstreamHost], TagLifetime = tagLifetime ?? TimeSpan.FromMinutes(1) });

    private Task<SmallImage> SeedAsync(string repository, string tag, int seed = 1) => SmallImage.PushAsync(_upstream, repository, tag, seed);

    private async Task<Digest> SeedBlobAsync(string repository, byte[] bytes)
    {
        using RegistryClient client = new(_upstream.CreateOptions());
        Descriptor blob = new() { MediaType = MediaTypes.LayerGzip, Digest = Digest.Of(bytes), Size = bytes.Length };
        await client.Repository(ImageReference.Parse($"registry.test/{repository}")).PutAsync(blob, new MemoryStream(bytes));
        return blob.Digest;
    }

    private static async Task<Digest> PullAsync(string host, string repository, string tag)
    {
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None });
        RegistryRepository source = client.Repository(ImageReference.Parse($"{host}/{repository}:{tag}"));
        Descriptor root = (await source.ResolveAsync(tag))!;
        await ContentCopy.CopyAsync(source, new MemoryStore(), root);
        return root.Digest;
    }

    private static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private int UpstreamGets(string path) => _upstream.Requests.Count(request => request.Method == "GET" && request.Url.AbsolutePath.Contains(path, StringComparison.Ordinal));
}

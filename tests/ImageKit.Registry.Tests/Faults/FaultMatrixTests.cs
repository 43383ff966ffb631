using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>
/// Every fault during push, pull and copy, in the registry that is read and in the one that is written, once and for good: the work ends with the
/// right digest or a clear error, can be done again, and nothing wrong is ever to be seen.
/// </summary>
[Parallelizable(ParallelScope.Children)] // most of it is waiting
internal sealed class FaultMatrixTests
{
    private static readonly (string Name, RegistryFault Fault)[] Faults =
    [
        ("400", new() { Status = 400, Body = """{"errors":[{"code":"NAME_INVALID","message":"no","detail":[1,{"a":null}]}]}""" }),
        ("401 without a challenge", new() { Status = 401 }),
        ("403", new() { Status = 403, Body = """{"errors":[{"code":"DENIED","message":"this image is not in the allowlist"}]}""" }),
        ("404", new() { Status = 404, Body = "not JSON" }),
        ("405", new() { Status = 405 }),
        ("408", new() { Status = 408 }),
        ("416", new() { Status = 416 }),
        ("429 with seconds", new() { Status = 429, Headers = Header("Retry-After", "0") }),
        ("429 with a date", new() { Status = 429, Headers = Header("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT") }),
        ("429 with nonsense", new() { Status = 429, Headers = Header("Retry-After", "soon") }),
        ("429 for an hour", new() { Status = 429, Headers = Header("Retry-After", "3600") }),
        ("500 with a page", new() { Status = 500, Body = "<html>oops</html>", Headers = Header("Content-Type", "text/html") }),
        ("502", new() { Status = 502 }),
        ("503", new() { Status = 503 }),
        ("504", new() { Status = 504 }),
        ("a page in place of the answer", new() { Status = 200, Body = "<html>log in</html>", Headers = Header("Content-Type", "text/html") }),
        ("a broken connection", new() { BreakConnection = true }),
        ("a connection that breaks in the body", new() { CutAfter = 300 }),
        ("a connection that breaks in what is sent", new() { BreakBodyAfter = 200 }),
        ("a reset connection", new() { BreakConnection = true, Resets = true }),
        ("a reset in the body", new() { CutAfter = 300, Resets = true }),
        ("a reset in what is sent", new() { BreakBodyAfter = 200, Resets = true }),
        ("a body that stalls", new() { StallAfter = 300 }),
        ("a body that is short", new() { ShortenTo = 300 }),
        ("a length that is too large", new() { DeclaredLength = 1_000_000 }),
        ("a length that is too small", new() { DeclaredLength = 10 }),
        ("a wrong bit", new() { FlipAt = 250 }),
        ("a slow body", new() { BytesPerSecond = 200_000 }),
        ("an answer that is late", new() { Delay = TimeSpan.FromSeconds(2) }),
        ("another type", new() { Headers = Header("Content-Type", "text/plain") }),
        ("a body that is said to be packed", new() { Headers = Header("Content-Encoding", "gzip") }),
        ("a packed body", new() { Packs = true }),
        ("ranges that are ignored", new() { IgnoreRange = true, CutAfter = 300 }),
        ("another range", new() { Status = 206, Body = "x", Headers = Header("Content-Range", "bytes 7-7/8") }),
        ("no ranges at all", new() { OnlyRanges = true, IgnoreRange = true }),
        ("parts of other ranges", new() { OnlyRanges = true, Headers = Header("Content-Range", "bytes 1-2/3") }),
        ("a redirect in a circle", new() { RedirectTo = "https://registry.test{path}" }),
        ("a redirect to another host", new() { Host = "registry.test", RedirectTo = "https://storage.test{path}" }),
        ("a redirect to plain HTTP", new() { RedirectTo = "http://storage.test{path}" }),
        ("a redirect into a private network", new() { RedirectTo = "https://10.0.0.1{path}" }),
        ("a redirect to a file", new() { RedirectTo = "file:///etc/passwd" }),
        ("another digest", new() { Headers = Header("Docker-Content-Digest", "sha256:" + new string('0', 64)) }),
        ("a location elsewhere", new() { Headers = Header("Location", "http://169.254.169.254/") }),
        ("a location with a query", new() { Method = "POST", LocationTo = "{location}?state=a%2Fb&x=1" }),
        ("an absolute location", new() { Method = "POST", LocationTo = "https://registry.test{location}" }),
        ("a location at another host", new() { Method = "POST", LocationTo = "https://storage.test{location}?sig=1" }),
        ("lost uploads", new() { Method = "PUT", Path = "/blobs/uploads/", LosesUploads = true }),
        ("chunks of a least size", new() { Method = "POST", Headers = Header("OCI-Chunk-Min-Length", "4096") }),
        ("no list of what is about an image", new() { Path = "/manifests/", Without = ["OCI-Subject"] }),
        ("an old tag", new() { Method = "GET", Path = "/manifests/", Instead = "/v2/a/b/manifests/old" }),
        ("no location", new() { Without = ["Location"] }),
        ("large headers", new() { Headers = Header("X-Padding", new string('x', 50_000)) }),
    ];

    private static readonly string[] Operations = ["push", "pull", "copy from", "copy to", "copy within"];

    private static IEnumerable<TestCaseData> Rows() =>
        from fault in Faults
        from times in new[] { 1, int.MaxValue }
        from operation in Operations
        select new TestCaseData(operation, fault.Fault with { Times = times, Skip = times == 1 && fault.Fault.Method is null ? 2 : 0 }).SetName($"{operation}: {fault.Name}, {(times == 1 ? "once" : "for good")}");

    [TestCaseSource(nameof(Rows))]
    public async Task Ends_right_or_with_an_error_and_can_be_done_again(string operation, RegistryFault fault)
    {
        await using FaultBench bench = await FaultBench.StartAsync(operation);
        await FailAndHealAsync(bench, fault);
    }

    private static async Task FailAndHealAsync(FaultBench bench, RegistryFault fault)
    {
        bench.Faulty.Inject(fault);
        await bench.TryAsync();
        bench.AssertNothingWrong();
        bench.Faulty.Heal();
        await bench.RunAsync();
        bench.AssertNothingWrong();
        Assert.That(bench.IsDone, Is.True);
    }

    private static IEnumerable<TestCaseData> Logins() =>
        from login in new (string Name, RegistryLogin Login)[]
        {
            ("a password", new("me", "secret")),
            ("tokens", new("me", "secret") { UsesTokens = true }),
            ("tokens that end at once", new("me", "secret") { UsesTokens = true, TokenLifetime = TimeSpan.FromMilliseconds(1) }),
            ("tokens of one scope", new("me", "secret") { UsesTokens = true, GrantsOneScope = true }),
            ("a token server that is none", new("me", "secret") { UsesTokens = true, Realm = "https://registry.test/v2/" }),
            ("a token server without TLS", new("me", "secret") { UsesTokens = true, Realm = "http://auth.registry.test/token" }),
            ("a token server in a private network", new("me", "secret") { UsesTokens = true, Realm = "https://169.254.169.254/token" }),
            ("a token server of somebody else", new("me", "secret") { UsesTokens = true, Realm = "https://auth.other.test/token" }),
            ("a login that may not push", new("me", "secret") { UsesTokens = true, MayPush = false }),
            ("a wrong password", new("me", "other")),
        }
        from operation in Operations
        select new TestCaseData(operation, login.Login).SetName($"{operation}: {login.Name}");

    [TestCaseSource(nameof(Logins))]
    public async Task Ends_right_or_with_an_error_that_says_which_login(string operation, RegistryLogin login)
    {
        await using FaultBench bench = await FaultBench.StartAsync(operation, login);
        ImageKitException? error = await bench.TryAsync();
        bench.AssertNothingWrong();
        if (error is null) Assert.That(bench.IsDone, Is.True);
        else Assert.That(error.Code, Is.EqualTo("IK2004").Or.EqualTo("IK2005").Or.EqualTo("IK2011").Or.EqualTo("IK2012").Or.EqualTo("IK2014"), error.ToString());
        foreach (RecordedRequest request in bench.Faulty.Requests.Where(request => request.Url.Host is not ("registry.test" or "auth.registry.test")))
            Assert.That(request.Header("Authorization"), Is.Null, request.ToString());
    }

    private static IEnumerable<TestCaseData> SocketRows() =>
        from fault in Faults
        where fault.Fault is { RedirectTo: null, LocationTo: null } && !fault.Fault.Headers.ContainsKey("Location")
        from times in new[] { 1, int.MaxValue }
        from operation in new[] { "push", "pull", "copy from", "copy to" }
        select new TestCaseData(operation, fault.Fault with { Times = times, Skip = times == 1 && fault.Fault.Method is null ? 2 : 0 }).SetName($"{operation} over sockets: {fault.Name}, {(times == 1 ? "once" : "for good")}");

    [TestCaseSource(nameof(SocketRows))]
    public async Task Ends_right_or_with_an_error_over_sockets_too(string operation, RegistryFault fault)
    {
        await using FaultBench bench = await FaultBench.StartAsync(operation, sockets: true);
        await FailAndHealAsync(bench, fault);
    }

    private static System.Collections.Immutable.ImmutableDictionary<string, string> Header(string name, string value) => new RegistryFault().Headers.Add(name, value);
}

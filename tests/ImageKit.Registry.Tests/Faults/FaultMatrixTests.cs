using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>
/// Every fault during push, pull and copy, once and for good: the work ends with the right digest or a clear error, can be done again, and
/// nothing wrong is ever to be seen.
/// </summary>
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
        ("a body that stalls", new() { StallAfter = 300 }),
        ("a body that is short", new() { ShortenTo = 300 }),
        ("a length that is too large", new() { DeclaredLength = 1_000_000 }),
        ("a length that is too small", new() { DeclaredLength = 10 }),
        ("a wrong bit", new() { FlipAt = 250 }),
        ("a slow body", new() { BytesPerSecond = 200_000 }),
        ("an answer that is late", new() { Delay = TimeSpan.FromSeconds(2) }),
        ("another type", new() { Headers = Header("Content-Type", "text/plain") }),
        ("a packed body", new() { Headers = Header("Content-Encoding", "gzip") }),
        ("ranges that are ignored", new() { IgnoreRange = true, CutAfter = 300 }),
        ("another range", new() { Status = 206, Body = "x", Headers = Header("Content-Range", "bytes 7-7/8") }),
        ("a redirect in a circle", new() { RedirectTo = "https://registry.test{path}" }),
        ("a redirect to another host", new() { Host = "registry.test", RedirectTo = "https://storage.test{path}" }),
        ("a redirect to plain HTTP", new() { RedirectTo = "http://storage.test{path}" }),
        ("a redirect into a private network", new() { RedirectTo = "https://10.0.0.1{path}" }),
        ("a redirect to a file", new() { RedirectTo = "file:///etc/passwd" }),
        ("another digest", new() { Headers = Header("Docker-Content-Digest", "sha256:" + new string('0', 64)) }),
        ("a location elsewhere", new() { Headers = Header("Location", "http://169.254.169.254/") }),
        ("no location", new() { Without = ["Location"] }),
        ("large headers", new() { Headers = Header("X-Padding", new string('x', 50_000)) }),
    ];

    private static IEnumerable<TestCaseData> Rows() =>
        from fault in Faults
        from times in new[] { 1, int.MaxValue }
        from operation in new[] { "push", "pull", "copy" }
        select new TestCaseData(operation, fault.Fault with { Times = times, Skip = times == 1 ? 2 : 0 }).SetName($"{operation}: {fault.Name}, {(times == 1 ? "once" : "for good")}");

    [TestCaseSource(nameof(Rows))]
    public async Task Ends_right_or_with_an_error_and_can_be_done_again(string operation, RegistryFault fault)
    {
        using InMemoryRegistry registry = new();
        using TemporaryFolder folder = new();
        SmallImage image = await SmallImage.MakeAsync(5, 20_000, 1000);
        using (RegistryClient seed = new(registry.CreateOptions())) await ContentCopy.CopyAsync(image.Store, Source(seed), image.Root);
        registry.Inject(fault);
        try
        {
            await RunAsync(operation, registry, folder, image);
        }
        catch (ImageKitException error)
        {
            Assert.That((error.Why + error.Mend).Length, Is.GreaterThan(0), error.Message);
            Assert.That(error.Code, Does.StartWith("IK20").Or.StartWith("IK11").Or.StartWith("IK10"));
        }
        AssertNothingWrong(registry, folder);
        registry.Heal();
        await RunAsync(operation, registry, folder, image);
        AssertNothingWrong(registry, folder);
        Assert.That(operation == "pull" ? File.Exists(Path.Combine(folder.Path, "blobs", "sha256", image.Root.Digest.Encoded)) : registry.Contains("c/d", image.Root.Digest), Is.True);
    }

    private static async Task RunAsync(string operation, InMemoryRegistry registry, TemporaryFolder folder, SmallImage image)
    {
        using RegistryClient client = new(registry.CreateOptions() with
        {
            Timeouts = new() { Idle = TimeSpan.FromMilliseconds(250), Header = TimeSpan.FromMilliseconds(300), Connect = TimeSpan.FromMilliseconds(50) },
            Retries = new() { Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(20) },
        });
        using LayoutStore store = LayoutStore.Open(folder.Path);
        IContentSource source = operation == "push" ? image.Store : Source(client);
        IContentStore target = operation == "pull" ? store : client.Repository(ImageReference.Parse("registry.test/c/d"));
        await ContentCopy.CopyAsync(source, target, image.Root);
        await target.TagAsync("v1", image.Root);
    }

    // What the store shows has the digest that it is named by; a registry's tags name what is whole.
    private static void AssertNothingWrong(InMemoryRegistry registry, TemporaryFolder folder)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(folder.Path, "blobs", "sha256"))) Assert.That(Digest.Of(File.ReadAllBytes(file)).Encoded, Is.EqualTo(Path.GetFileName(file)));
        Assert.That(registry.Tags("c/d"), Is.Empty.Or.EqualTo(new[] { "v1" }));
    }

    private static RegistryRepository Source(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    private static System.Collections.Immutable.ImmutableDictionary<string, string> Header(string name, string value) => new RegistryFault().Headers.Add(name, value);
}

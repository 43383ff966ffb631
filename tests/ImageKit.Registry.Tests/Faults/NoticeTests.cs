using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>What registries tell beside their answers: limits, warnings, and that requests are too many.</summary>
internal sealed class NoticeTests
{
    [Test]
    public async Task Limits_are_read_without_costing_a_pull()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Headers = Headers(("RateLimit-Limit", "100;w=21600"), ("RateLimit-Remaining", "76;w=21600"), ("Docker-RateLimit-Source", "192.0.2.1")), Times = 99 });
        RateLimit? limit = await Repository(client).ReadRateLimitAsync();
        Assert.That(limit, Is.EqualTo(new RateLimit(100, 76, TimeSpan.FromHours(6), "192.0.2.1")));
        Assert.That(registry.Requests.Select(request => request.Method), Is.EqualTo(new[] { "HEAD" }));
    }

    [TestCase("100", "5", 100, 5, TestName = "Limits without a window")]
    [TestCase("x", "5", null, null, TestName = "A limit that is no number")]
    [TestCase(null, null, null, null, TestName = "No limits")]
    public async Task Limits(string? limit, string? remaining, int? most, int? left)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        if (limit is not null) registry.Inject(new() { Headers = Headers(("RateLimit-Limit", limit), ("RateLimit-Remaining", remaining!)), Times = 99 });
        RateLimit? read = await Repository(client).ReadRateLimitAsync();
        Assert.That((read?.Limit, read?.Remaining), Is.EqualTo((most, left)));
    }

    [Test]
    public async Task A_warning_is_told_once()
    {
        using InMemoryRegistry registry = new();
        List<RegistryNotice> told = [];
        using RegistryClient client = new(registry.CreateOptions() with { Notices = new Listener(told) });
        registry.Inject(new() { Headers = Headers(("Warning", """299 - "This registry goes away on \"Friday\".",199 - "not for people", 299 - "Move." """)), Times = 99 });
        await Repository(client).ResolveAsync("a");
        await Repository(client).ResolveAsync("b");
        Assert.That(told, Is.EqualTo(new RegistryNotice[] { new("registry.test", "This registry goes away on \"Friday\"."), new("registry.test", "Move.") }));
    }

    [Test]
    public void The_longest_wait_that_was_asked_for_counts_for_all_jobs()
    {
        HostPace pace = new(8, new StoppedClock());
        Assert.That(pace.Wait, Is.EqualTo(TimeSpan.Zero));
        pace.SlowDown(TimeSpan.FromSeconds(5));
        pace.SlowDown(TimeSpan.FromSeconds(2));
        Assert.That(pace.Wait, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void A_host_that_is_asked_too_much_is_asked_less_and_by_and_by_more()
    {
        HostPace pace = new(8, TimeProvider.System);
        pace.SlowDown(null);
        Assert.That(pace.Width, Is.EqualTo(4));
        pace.SlowDown(null);
        pace.SlowDown(null);
        pace.SlowDown(null);
        Assert.That(pace.Width, Is.EqualTo(1));
        for (int i = 0; i < 20; i++) pace.SpeedUp();
        Assert.That(pace.Width, Is.EqualTo(2));
    }

    [Test]
    public async Task Turns_in_use_are_withheld_when_they_come_back()
    {
        HostPace pace = new(2, TimeProvider.System);
        await pace.EnterAsync(default);
        await pace.EnterAsync(default);
        pace.SlowDown(null);
        pace.Leave();
        Assert.That(pace.EnterAsync(default).IsCompleted, Is.False);
        pace.Leave();
    }

    private static System.Collections.Immutable.ImmutableDictionary<string, string> Headers(params (string Name, string Value)[] headers) =>
        headers.Aggregate(new RegistryFault().Headers, (all, header) => all.Add(header.Name, header.Value));

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    private sealed class Listener(List<RegistryNotice> told) : IProgress<RegistryNotice>
    {
        public void Report(RegistryNotice value)
        {
            lock (told) told.Add(value);
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}

using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>One blob over several connections: in parts where the server takes ranges, in one piece where it does not.</summary>
internal sealed class RangeTests
{
    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Row("Nothing goes wrong", null);
        yield return Row("A part breaks off", new() { OnlyRanges = true, CutAfter = 100 });
        yield return Row("A part is refused", new() { OnlyRanges = true, Skip = 1, Status = 416, Times = 2 });
        yield return Row("The server forgets how ranges work", new() { OnlyRanges = true, IgnoreRange = true, Times = 99 });
        yield return Row("A part is another one", new() { OnlyRanges = true, Headers = new RegistryFault().Headers.Add("Content-Range", "bytes 0-1/100000") });
        yield return Row("The server never took ranges", new() { Without = ["Accept-Ranges"], Times = 99 });
    }

    [TestCaseSource(nameof(Faults))]
    public async Task The_bytes_are_right(RegistryFault? fault)
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        if (fault is not null) registry.Inject(fault with { Method = "GET", Path = "/blobs/" });
        using RegistryClient client = Client(registry, connections: 3);
        await using Stream content = await Repository(client).OpenAsync(blob);
        using MemoryStream read = new();
        await content.CopyToAsync(read);
        Assert.That(read.Length, Is.EqualTo(blob.Size));
    }

    [Test]
    public async Task Parts_are_asked_for_side_by_side()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using RegistryClient client = Client(registry, connections: 3);
        await using Stream content = await Repository(client).OpenAsync(blob);
        await content.CopyToAsync(Stream.Null);
        Assert.That(registry.Requests.Select(request => request.Header("Range")).OfType<string>(), Is.SupersetOf(new[] { "bytes=10000-19999", "bytes=20000-29999", "bytes=90000-99999" }));
    }

    [Test]
    public async Task One_connection_stays_one()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using RegistryClient client = Client(registry, connections: 1);
        await using Stream content = await Repository(client).OpenAsync(blob);
        await content.CopyToAsync(Stream.Null);
        Assert.That(registry.Requests, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Parts_of_many_blobs_share_their_memory_and_nobody_waits_for_another_reader()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions() with { Ranges = new() { Connections = 4, PartBytes = 10_000, MemoryBytes = 20_000, After = TimeSpan.Zero } });
        List<Stream> open = [];
        for (int seed = 0; seed < 6; seed++) open.Add(await Repository(client).OpenAsync(await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(seed, 100_000))));
        byte[] buffer = new byte[5000];
        for (int left = open.Count; left > 0;)
        {
            left = 0; // in turns: each holds the parts that it has while the others read
            foreach (Stream content in open) left += await content.ReadAsync(buffer) > 0 ? 1 : 0;
        }
        foreach (Stream content in open) await content.DisposeAsync(); // all were proven
    }

    [Test]
    public void Room_for_parts_is_bounded_and_used_again()
    {
        PartMemory memory = new(new() { PartBytes = 10, MemoryBytes = 25 });
        byte[] one = memory.Take(beyond: false)!, two = memory.Take(beyond: false)!;
        Assert.That(memory.Take(beyond: false), Is.Null);
        byte[] more = memory.Take(beyond: true)!;
        memory.GiveBack(more);
        Assert.That(memory.Take(beyond: false), Is.Null);
        memory.GiveBack(one);
        Assert.That(memory.Take(beyond: false), Is.SameAs(one));
        memory.GiveBack(two);
    }

    private static TestCaseData Row(string name, RegistryFault? fault) => new TestCaseData(fault).SetName(name);

    private static async Task<Descriptor> SeedAsync(InMemoryRegistry registry)
    {
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(7, 100_000));
        registry.ForgetRequests();
        return blob;
    }

    private static RegistryClient Client(InMemoryRegistry registry, int connections) =>
        new(registry.CreateOptions() with { Ranges = new() { Connections = connections, PartBytes = 10_000, After = TimeSpan.Zero } });

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));
}

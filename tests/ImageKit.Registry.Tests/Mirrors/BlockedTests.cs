using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>A registry that is blocked is not asked for anything, whatever is wanted of it.</summary>
internal sealed class BlockedTests
{
    private const string Block = "[[registry]]\nlocation = \"registry.test\"\nblocked = true\n";
    private static readonly ImageReference Name = ImageReference.Parse("registry.test/a/b:v1");
    private static readonly Digest Nobody = Digest.Of("nobody"u8);

    private static readonly Dictionary<string, Func<RegistryClient, Task>> Wishes = new()
    {
        ["reading a tag"] = client => client.Repository(Name).ResolveAsync("v1"),
        ["listing tags"] = async client => await client.Repository(Name).ListTagsAsync().GetAsyncEnumerator().MoveNextAsync(),
        ["listing repositories"] = async client => await client.ListRepositoriesAsync("registry.test").GetAsyncEnumerator().MoveNextAsync(),
        ["pushing"] = PushAsync,
        ["deleting a tag"] = client => client.Repository(Name).DeleteTagAsync("v1"),
        ["deleting a manifest"] = client => client.Repository(Name).DeleteManifestAsync(Nobody),
        ["deleting a blob"] = client => client.Repository(Name).DeleteBlobAsync(Nobody),
        ["asking for the size of a blob"] = client => client.Repository(Name).FindBlobSizeAsync(Nobody),
        ["asking for limits"] = client => client.Repository(Name).ReadRateLimitAsync(),
        ["listing referrers"] = client => client.Repository(Name).ListReferrersAsync(Nobody),
        ["testing mirrors"] = client => client.ProbeAsync(Name),
    };

    private static IEnumerable<string> Names => Wishes.Keys;

    [TestCaseSource(nameof(Names))]
    public void NothingIsAskedOfABlockedRegistry(string wish)
    {
        using InMemoryRegistry registry = new("registry.test");
        using RegistryClient client = Client(registry, Block);
        Assert.That(async () => await Wishes[wish](client), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2044").And.Message.Contains("registry.test").And.Message.Not.Contains("any-repository").And.Message.Contains("registries.conf:"));
        Assert.That(registry.Requests, Is.Empty);
    }

    [Test]
    public async Task ABlockOfOneRepositoryLeavesTheOthersAndTheListOfThem()
    {
        using InMemoryRegistry registry = new("registry.test");
        using RegistryClient client = Client(registry, "[[registry]]\nlocation = \"registry.test/secret\"\nblocked = true\n");
        await PushAsync(client);
        Assert.That(await client.ListRepositoriesAsync("registry.test").ToArrayAsync(), Is.EqualTo(new[] { "a/b" }));
        Assert.That(async () => await client.Repository(ImageReference.Parse("registry.test/secret/x")).ResolveAsync("v1"), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2044"));
    }

    [Test]
    public async Task APlanOfWhatIsBlockedCanBeLookedAtAndALoginTried()
    {
        using InMemoryRegistry registry = new("registry.test");
        using RegistryClient client = Client(registry, Block);
        Assert.That((await client.PlanAsync(Name)).IsBlocked, Is.True);
        Assert.That(await client.LoginAsync("registry.test", "user", "word"), Is.Not.Null);
    }

    private static async Task PushAsync(RegistryClient client)
    {
        SmallImage image = await SmallImage.MakeAsync(1, 3000);
        await ContentCopy.CopyAsync(image.Store, client.Repository(Name), image.Root);
    }

    private static RegistryClient Client(InMemoryRegistry registry, string conf) =>
        new(registry.CreateOptions() with { Mirrors = MirrorConfiguration.Of(RegistriesConf.Parse(conf, "registries.conf")) });
}

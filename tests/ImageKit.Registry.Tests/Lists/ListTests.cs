using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Lists in all the ways that registries page them, and tags: many at once, and away.</summary>
internal sealed class ListTests
{
    private static IEnumerable<TestCaseData> Pages()
    {
        yield return Row("A relative link", "</v2/a/b/tags/list?n=1&last=x>; rel=\"next\"", "v1");
        yield return Row("An absolute link", "<https://registry.test/v2/a/b/tags/list?last=x>; rel=next", "v1");
        yield return Row("A link that goes round in a circle", "</v2/a/b/tags/list?n=1000>; rel=\"next\"", null);
        yield return Row("A link to something else", "</v2/a/b/tags/list?n=0>; rel=\"prev\"", null);
        yield return Row("No link", null, null);
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Tags_in_pages(string? link, string? second)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        RegistryFault first = new() { Path = "/tags/list", Status = 200, Body = """{"name":"a/b","tags":["m","x"]}""" };
        registry.Inject(link is null ? first : first with { Headers = first.Headers.Add("Link", link) });
        if (second is not null) registry.Inject(first with { Body = $$"""{"tags":["x","{{second}}"]}""" });
        Assert.That(await Repository(client).ListTagsAsync().ToListAsync(), Is.EqualTo(second is null ? new[] { "m", "x" } : ["m", "x", second]));
    }

    [Test]
    public async Task A_full_page_without_a_link_is_asked_on()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        string names = string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"t{number:d4}\""));
        registry.Inject(new() { Path = "/tags/list", Status = 200, Body = $$"""{"tags":[{{names}}]}""" });
        List<string> tags = await Repository(client).ListTagsAsync().ToListAsync();
        Assert.Multiple(() =>
        {
            Assert.That(tags, Has.Count.EqualTo(1001));
            Assert.That(registry.Requests[^1].Url.Query, Is.EqualTo("?n=1000&last=t0999"));
        });
    }

    [Test]
    public async Task A_link_to_another_network_is_not_followed()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        registry.Inject(new() { Path = "/tags/list", Headers = new RegistryFault().Headers.Add("Link", "<http://169.254.169.254/latest>; rel=\"next\"") });
        Assert.That(async () => await Repository(client).ListTagsAsync().ToListAsync(), Throws.TypeOf<RegistryException>().With.Property("Code").EqualTo("IK2012"));
    }

    [Test]
    public async Task Repositories_are_listed()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        await SmallImage.PutAsync(client.Repository(ImageReference.Parse("registry.test/c")), MediaTypes.Layer, [1]);
        Assert.That(await client.ListRepositoriesAsync("registry.test").ToListAsync(), Is.EqualTo(new[] { "a/b", "c" }));
    }

    [Test]
    public async Task Several_tags_take_one_request_where_the_registry_knows_how()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        SmallImage image = await SmallImage.MakeAsync(1, 5000);
        RegistryRepository repository = Repository(client);
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        registry.ForgetRequests();
        await repository.TagAsync(["1", "1.2", "1.2.3"], image.Root);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Tags("a/b"), Is.SupersetOf(new[] { "1", "1.2", "1.2.3" }));
            Assert.That(registry.Requests.Count(request => request.Method == "PUT"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Several_tags_are_set_one_by_one_where_it_does_not()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        SmallImage image = await SmallImage.MakeAsync(2, 5000);
        RegistryRepository repository = Repository(client);
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        registry.Inject(new() { Method = "PUT", Path = "/manifests/", Without = ["OCI-Tag"], Times = 99 });
        registry.ForgetRequests();
        await repository.TagAsync(["1", "2"], image.Root);
        await repository.TagAsync(["3", "4"], image.Root);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Tags("a/b"), Is.SupersetOf(new[] { "1", "2", "3", "4" }));
            Assert.That(registry.Requests.Count(request => request.Method == "PUT"), Is.EqualTo(5), "it is tried once");
        });
    }

    [TestCase(0, TestName = "A registry that deletes tags")]
    [TestCase(400, TestName = "A registry that takes a tag for a bad digest")]
    [TestCase(405, TestName = "A registry that does not delete tags")]
    public async Task A_tag_goes_and_the_image_stays(int refusal)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        Digest image = (await Repository(client).ResolveAsync("v1"))!.Digest;
        if (refusal != 0) registry.Inject(new() { Method = "DELETE", Path = "/manifests/v1", Status = refusal, Times = 99 });
        bool there = await Repository(client).DeleteTagAsync("v1"), again = await Repository(client).DeleteTagAsync("v1");
        Assert.Multiple(() =>
        {
            Assert.That((there, again), Is.EqualTo((true, false)));
            Assert.That(registry.Tags("a/b"), Is.Empty);
            Assert.That(registry.Contains("a/b", image), Is.True);
        });
    }

    [Test]
    public async Task A_registry_that_deletes_nothing_keeps_the_tag_as_it_was()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeedAsync(registry);
        Digest image = (await Repository(client).ResolveAsync("v1"))!.Digest;
        registry.Inject(new() { Method = "DELETE", Path = "/manifests/", Status = 405, Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).DeleteTagAsync("v1")))!;
        Descriptor? now = await Repository(client).ResolveAsync("v1");
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo("IK2013"));
            Assert.That(now?.Digest, Is.EqualTo(image));
        });
    }

    private static TestCaseData Row(string name, string? link, string? second) => new TestCaseData(link, second).SetName(name);

    private static async Task<RegistryClient> SeedAsync(InMemoryRegistry registry)
    {
        RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 5000);
        await ContentCopy.CopyAsync(image.Store, Repository(client), image.Root);
        await Repository(client).TagAsync("v1", image.Root);
        return client;
    }

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));
}

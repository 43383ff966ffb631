using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Copies;

public class RootTagTests
{
    private InMemoryRegistry _registry = null!;
    private RegistryClient _client = null!;
    private SmallImage _image = null!;

    [SetUp]
    public async Task Begin()
    {
        _registry = new("registry.test");
        _client = new(new RegistryOptions { HandlerFactory = _ => _registry.CreateHandler(), Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None });
        _image = await SmallImage.MakeAsync(1, 1000, 2000, 3000);
    }

    [TearDown]
    public void End()
    {
        _client.Dispose();
        _registry.Dispose();
    }

    [Test]
    public async Task A_push_of_what_is_there_is_one_request()
    {
        await PushAsync("1");
        _registry.ForgetRequests();
        await PushAsync("1");
        Assert.That(Requests, Is.EqualTo(new[] { "HEAD /v2/app/manifests/1" }));
    }

    [Test]
    public async Task A_new_image_is_written_under_its_tag_at_once_and_each_blob_is_asked_for_once()
    {
        await PushAsync("1");
        Assert.That(Requests.Where(request => request.StartsWith("PUT /v2/app/manifests", StringComparison.Ordinal)), Is.EqualTo(new[] { "PUT /v2/app/manifests/1" }));
        Assert.That(Requests.Count(request => request.StartsWith("HEAD /v2/app/blobs", StringComparison.Ordinal)), Is.EqualTo(4));
        Assert.That(Requests, Has.Length.EqualTo((4 * 2) + 3), "a small blob: HEAD, POST; the image: HEAD of tag and digest, PUT");
    }

    [Test]
    public async Task A_new_image_whose_blobs_are_there_is_one_request_a_blob()
    {
        await PushAsync("1");
        await App.DeleteManifestAsync(_image.Root.Digest);
        _registry.ForgetRequests();
        await PushAsync("1");
        Assert.That(Requests, Has.Length.EqualTo(4 + 3));
    }

    [Test]
    public async Task A_tag_of_something_else_is_moved()
    {
        await PushAsync("1");
        SmallImage other = await SmallImage.MakeAsync(2, 1000);
        RegistryRepository app = App.ForRoot("1");
        await ContentCopy.CopyAsync(other.Store, app, other.Root);
        await app.TagAsync("1", other.Root);
        Assert.That((await App.ResolveAsync("1"))!.Digest, Is.EqualTo(other.Root.Digest));
        await app.TagAsync("1", _image.Root);
        Assert.That((await App.ResolveAsync("1"))!.Digest, Is.EqualTo(_image.Root.Digest), "what was learnt before is not believed for ever");
        await app.TagAsync("1", other.Root);
        Assert.That((await App.ResolveAsync("1"))!.Digest, Is.EqualTo(other.Root.Digest));
        await app.DeleteTagAsync("1");
        await app.TagAsync("1", other.Root);
        Assert.That((await App.ResolveAsync("1"))!.Digest, Is.EqualTo(other.Root.Digest));
    }

    [Test]
    public async Task What_is_copied_without_a_word_of_a_root_gets_no_tag()
    {
        await ContentCopy.CopyAsync(_image.Store, _client.Repository(ImageReference.Parse("registry.test/app:1")), _image.Root);
        Assert.That(await App.ResolveAsync("1"), Is.Null);
    }

    private RegistryRepository App => _client.Repository(ImageReference.Parse("registry.test/app"));

    private string[] Requests => [.. _registry.Requests.Select(request => $"{request.Method} {request.Url.AbsolutePath}")];

    private async Task PushAsync(string tag)
    {
        RegistryRepository app = App.ForRoot(tag);
        CopyResult copied = await ContentCopy.CopyAsync(_image.Store, app, _image.Root);
        await app.TagAsync([tag], copied.Root);
    }
}

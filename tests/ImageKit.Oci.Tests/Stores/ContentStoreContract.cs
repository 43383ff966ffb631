using System.Security.Cryptography;
using System.Text;

namespace ImageKit.Oci.Tests.Stores;

/// <summary>What every store has to do.</summary>
public abstract class ContentStoreContract
{
    protected abstract IContentStore Store { get; }

    [Test]
    public async Task What_was_put_is_read_back([Values(0, 1, 1000, 300_000)] int size)
    {
        byte[] content = Samples.Bytes(size);
        Descriptor blob = Samples.Blob(content);
        Assert.That(await Store.ContainsAsync(blob), Is.False);
        await Store.PutAsync(blob, new MemoryStream(content));
        Assert.That(await Store.ContainsAsync(blob), Is.True);
        Assert.That(await Samples.ReadAllAsync(await Store.OpenAsync(blob)), Is.EqualTo(content));
    }

    [Test]
    public async Task A_sha512_blob_is_stored_too()
    {
        byte[] content = Samples.Bytes(1000);
        var blob = new Descriptor { MediaType = "a/b", Digest = Digest.OfSha512(SHA512.HashData(content)), Size = content.Length };
        await Store.PutAsync(blob, new MemoryStream(content));
        Assert.That(await Samples.ReadAllAsync(await Store.OpenAsync(blob)), Is.EqualTo(content));
    }

    [Test]
    public void A_missing_blob_is_an_error() => Assert.That(async () => await Store.OpenAsync(Samples.Blob([1])),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1101"));

    [TestCase(-1, "IK1102", TestName = "A stream shorter than promised is refused")]
    [TestCase(+1, "IK1102", TestName = "A stream longer than promised is refused")]
    public void A_wrong_size_is_refused(int difference, string code)
    {
        byte[] content = Samples.Bytes(1000);
        Descriptor blob = Samples.Blob(content);
        var stream = new MemoryStream(Samples.Bytes(1000 + difference));
        Assert.That(() => Store.PutAsync(blob, stream), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo(code));
        Assert.That(() => Store.ContainsAsync(blob).Result, Is.False);
    }

    [Test]
    public async Task Other_bytes_of_the_right_size_are_refused()
    {
        Descriptor blob = Samples.Blob(Samples.Bytes(1000));
        Assert.That(() => Store.PutAsync(blob, new MemoryStream(Samples.Bytes(1000, seed: 2))), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
        Assert.That(await Store.ContainsAsync(blob), Is.False);
    }

    [Test]
    public void A_digest_that_cannot_be_verified_is_not_stored()
    {
        var blob = new Descriptor { MediaType = "a/b", Digest = Digest.Parse("blake3:" + new string('a', 64)), Size = 1 };
        Assert.That(() => Store.PutAsync(blob, new MemoryStream([1])), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1104"));
    }

    [Test]
    public void A_negative_size_is_refused() => Assert.That(() => Store.PutAsync(Samples.Blob([]) with { Size = -1 }, Stream.Null),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1102"));

    [Test]
    public async Task Putting_what_is_there_reads_nothing()
    {
        byte[] content = Samples.Bytes(1000);
        await Store.PutAsync(Samples.Blob(content), new MemoryStream(content));
        var second = new MemoryStream(content);
        await Store.PutAsync(Samples.Blob(content), second);
        Assert.That(second.Position, Is.Zero);
    }

    [Test]
    public async Task A_proven_stream_is_taken()
    {
        byte[] content = Samples.Bytes(1000);
        Descriptor blob = Samples.Blob(content);
        await Store.PutAsync(blob, new VerifyingStream(new MemoryStream(content), blob));
        Assert.That(await Samples.ReadAllAsync(await Store.OpenAsync(blob)), Is.EqualTo(content));
    }

    [Test]
    public async Task A_proven_stream_of_which_the_start_was_read_is_no_proof()
    {
        byte[] content = Samples.Bytes(1000);
        Descriptor blob = Samples.Blob(content);
        var stream = new VerifyingStream(new MemoryStream(content), blob);
        stream.ReadExactly(new byte[10]);
        Assert.That(() => Store.PutAsync(blob, stream), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1102"));
        Assert.That(await Store.ContainsAsync(blob), Is.False);
    }

    [Test]
    public async Task A_tag_is_resolved_and_can_be_moved()
    {
        Descriptor one = await Samples.PutImageAsync(Store, "one"), two = await Samples.PutImageAsync(Store, "two");
        await Store.TagAsync("docker.io/library/app:1", one);
        Assert.That((await Store.ResolveAsync("docker.io/library/app:1"))?.Digest, Is.EqualTo(one.Digest));
        await Store.TagAsync("docker.io/library/app:1", two);
        Assert.That((await Store.ResolveAsync("docker.io/library/app:1"))?.Digest, Is.EqualTo(two.Digest));
        Assert.That(await Store.ResolveAsync("docker.io/library/app:2"), Is.Null);
    }

    [Test]
    public async Task A_digest_is_resolved_without_a_tag()
    {
        Descriptor manifest = await Samples.PutImageAsync(Store);
        Descriptor index = await Samples.PutIndexAsync(Store, (manifest, Platform.LinuxAmd64));
        foreach (Descriptor root in new[] { manifest, index })
        {
            Descriptor? found = await Store.ResolveAsync(root.Digest.ToString());
            Assert.That((found?.Digest, found?.MediaType, found?.Size), Is.EqualTo(((Digest?)root.Digest, root.MediaType, (long?)root.Size)));
        }
        Assert.That(await Store.ResolveAsync(Digest.Of("nothing"u8).ToString()), Is.Null);
    }

    [Test]
    public async Task A_short_name_that_the_grammar_of_digests_allows_is_a_name()
    {
        Descriptor root = await Samples.PutImageAsync(Store);
        await Store.TagAsync("app:1", root);
        Assert.That((await Store.ResolveAsync("app:1"))?.Digest, Is.EqualTo(root.Digest));
    }

    [Test]
    public async Task A_layer_is_no_root()
    {
        byte[] layer = Encoding.UTF8.GetBytes("no JSON");
        await Store.PutAsync(Samples.Blob(layer), new MemoryStream(layer));
        Assert.That(await Store.ResolveAsync(Digest.Of(layer).ToString()), Is.Null);
    }

    [Test]
    public void What_is_not_there_cannot_be_tagged() => Assert.That(() => Store.TagAsync("a", Samples.Blob([1], MediaTypes.Manifest)),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1101"));

    [Test]
    public async Task Many_writers_of_the_same_blob_are_no_trouble()
    {
        byte[] content = Samples.Bytes(200_000);
        Descriptor blob = Samples.Blob(content);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.PutAsync(blob, new MemoryStream(content)))));
        Assert.That(await Samples.ReadAllAsync(await Store.OpenAsync(blob)), Is.EqualTo(content));
    }

    [Test]
    public async Task Many_taggers_lose_nothing()
    {
        Descriptor root = await Samples.PutImageAsync(Store);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.TagAsync($"t{i}", root))));
        for (int i = 0; i < 20; i++) Assert.That(await Store.ResolveAsync($"t{i}"), Is.Not.Null, $"t{i}");
    }

    [Test]
    public void A_cancelled_put_ends_with_the_callers_token()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.That(() => Store.PutAsync(Samples.Blob([1]), new MemoryStream([1]), stop.Token),
            Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(stop.Token));
    }
}

public class MemoryStoreTests : ContentStoreContract
{
    private MemoryStore _store = new();

    protected override IContentStore Store => _store;

    [SetUp]
    public void Begin() => _store = new();

    [Test]
    public async Task Lists_tags_and_blobs()
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        await _store.TagAsync("b", root);
        await _store.TagAsync("a", root);
        Assert.That(_store.List().Select(tag => tag.Name), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(_store.Blobs, Has.Length.EqualTo(4).And.Contain(root.Digest));
    }
}

using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>What is about an image: listed by the registry, or by the tag that clients keep where it does not.</summary>
internal sealed class ReferrerTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Sbom = "application/spdx+json", Signature = "application/vnd.dev.sigstore.bundle.v0.3+json";

    [TestCase("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("sha512:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "sha512-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
    [TestCase("test+algorithm+using+algorithm+separators+and+lots+of+characters+to+excercise+overall+truncation:alsoSome=InTheEncodeSectionToShowHyphenReplacementAndLotsAndLotsOfCharactersToExcerciseEncodedTruncation",
        "test-algorithm-using-algorithm-s-alsoSome-InTheEncodeSectionToShowHyphenReplacementAndLotsAndLots")]
    public void The_tag_in_place_of_a_list(string digest, string tag) => Assert.That(ReferrerTag.Of(Digest.Parse(digest)), Is.EqualTo(tag));

    [Test]
    public async Task The_registry_lists_what_was_attached([Values] bool hasApi)
    {
        using InMemoryRegistry registry = Make(hasApi);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor sbom = await AttachAsync(client, image.Root, Sbom, "1"), signature = await AttachAsync(client, image.Root, Signature, "2");
        ImmutableArray<Descriptor> all = await Repository(client).ListReferrersAsync(image.Root.Digest);
        ImmutableArray<Descriptor> some = await Repository(client).ListReferrersAsync(image.Root.Digest, Signature);
        Assert.Multiple(() =>
        {
            Assert.That(all.Select(entry => entry.Digest), Is.EquivalentTo(new[] { sbom.Digest, signature.Digest }));
            Assert.That(some.Select(entry => (entry.Digest, entry.ArtifactType, entry.Annotations?["number"])), Is.EqualTo(new[] { (signature.Digest, Signature, "2") }));
            Assert.That(registry.Tags("a/b").Any(tag => tag == ReferrerTag.Of(image.Root.Digest)), Is.EqualTo(!hasApi));
        });
    }

    [Test]
    public async Task Nothing_is_about_an_image_nobody_attached_anything_to([Values] bool hasApi)
    {
        using InMemoryRegistry registry = Make(hasApi);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Assert.That(await Repository(client).ListReferrersAsync(image.Root.Digest), Is.Empty);
    }

    [Test]
    public async Task Many_writers_at_once_lose_nothing()
    {
        using InMemoryRegistry registry = Make(hasApi: false);
        SmallImage image;
        using (RegistryClient seed = new(registry.CreateOptions())) image = await PushAsync(seed);
        // Clients of their own, as if they were processes.
        Descriptor[] attached = await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            using RegistryClient client = new(registry.CreateOptions());
            return await AttachAsync(client, image.Root, Sbom, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }));
        using RegistryClient reader = new(registry.CreateOptions());
        ImmutableArray<Descriptor> found = await Repository(reader).ListReferrersAsync(image.Root.Digest);
        Assert.That(found.Select(entry => entry.Digest), Is.EquivalentTo(attached.Select(entry => entry.Digest)));
    }

    [Test]
    public async Task A_deleted_artifact_leaves_the_list([Values] bool hasApi)
    {
        using InMemoryRegistry registry = Make(hasApi);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor one = await AttachAsync(client, image.Root, Sbom, "1"), other = await AttachAsync(client, image.Root, Sbom, "2");
        await Repository(client).DeleteManifestAsync(one.Digest);
        Assert.That((await Repository(client).ListReferrersAsync(image.Root.Digest)).Select(entry => entry.Digest), Is.EqualTo(new[] { other.Digest }));
    }

    [Test]
    public async Task A_tag_that_names_the_subject_itself_is_no_list()
    {
        using InMemoryRegistry registry = Make(hasApi: false);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        await Repository(client).TagAsync(ReferrerTag.Of(image.Root.Digest), image.Root);
        Assert.That(await Repository(client).ListReferrersAsync(image.Root.Digest), Is.Empty);
    }

    [TestCase(200, "<html>welcome</html>", TestName = "A page in place of the list")]
    [TestCase(401, "", TestName = "A refusal without a challenge")]
    [TestCase(400, "", TestName = "A registry that takes it for a bad request")]
    public async Task Lists_that_are_none_are_read_from_the_tag(int status, string body)
    {
        using InMemoryRegistry registry = Make(hasApi: false);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor sbom = await AttachAsync(client, image.Root, Sbom, "1");
        using RegistryClient other = new(registry.CreateOptions());
        registry.Heal();
        registry.Inject(new() { Path = "/referrers/", Status = status, Body = body, Times = 99 });
        Assert.That((await Repository(other).ListReferrersAsync(image.Root.Digest)).Select(entry => entry.Digest), Is.EqualTo(new[] { sbom.Digest }));
    }

    [Test]
    public async Task A_list_in_pages_is_read_to_its_end()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor sbom = await AttachAsync(client, image.Root, Sbom, "1");
        Descriptor other = new() { MediaType = MediaTypes.Manifest, Digest = Digest.Of("x"u8), Size = 1 };
        string page = System.Text.Encoding.UTF8.GetString(Documents.WriteIndex(new() { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = [other] }).Bytes.Span);
        registry.Inject(new() { Path = "/referrers/", Status = 200, Body = page, Headers = new RegistryFault().Headers.Add("Link", $"</v2/a/b/referrers/{image.Root.Digest}?next=1>; rel=\"next\"") });
        Assert.That((await Repository(client).ListReferrersAsync(image.Root.Digest)).Select(entry => entry.Digest), Is.EqualTo(new[] { other.Digest, sbom.Digest }));
    }

    [Test]
    public async Task Mending_drops_what_is_gone_and_finds_what_has_a_tag()
    {
        using InMemoryRegistry registry = Make(hasApi: false);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor gone = await AttachAsync(client, image.Root, Sbom, "1"), lost = await AttachAsync(client, image.Root, Sbom, "2"), kept = await AttachAsync(client, image.Root, Signature, "3");
        await Repository(client).TagAsync("bill", lost);
        RepositoryRequests other = Requests(registry);
        await new ReferrerIndex(other).RemoveAsync(image.Root.Digest, lost.Digest, default);
        await new ManifestRequests(other).DeleteAsync(gone.Digest, default); // by a program that keeps no list

        ReferrerRepair mended = await Repository(client).RepairReferrersAsync(image.Root.Digest);
        ReferrerRepair again = await Repository(client).RepairReferrersAsync(image.Root.Digest);
        ImmutableArray<Descriptor> listed = await Repository(client).ListReferrersAsync(image.Root.Digest);
        Assert.Multiple(() =>
        {
            Assert.That(mended.Added, Is.EqualTo(new[] { lost.Digest }));
            Assert.That(mended.Dropped, Is.EqualTo(new[] { gone.Digest }));
            Assert.That(again.ChangedAnything, Is.False);
            Assert.That(listed.Select(entry => entry.Digest), Is.EquivalentTo(new[] { lost.Digest, kept.Digest }));
        });
    }

    [Test]
    public async Task What_is_gone_from_the_registry_keeps_nothing_from_being_attached()
    {
        using InMemoryRegistry registry = Make(hasApi: false);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor gone = await AttachAsync(client, image.Root, Sbom, "1");
        await new ManifestRequests(Requests(registry)).DeleteAsync(gone.Digest, default);
        Descriptor next = await AttachAsync(client, image.Root, Sbom, "2");
        Assert.That((await Repository(client).ListReferrersAsync(image.Root.Digest)).Select(entry => entry.Digest), Is.EqualTo(new[] { next.Digest }));
    }

    [Test]
    public async Task Copies_take_along_what_is_about_an_image_and_about_that([Values] bool hasApi)
    {
        using InMemoryRegistry registry = Make(hasApi);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor sbom = await AttachAsync(client, image.Root, Sbom, "1"), signature = await AttachAsync(client, sbom, Signature, "2");
        await Repository(client).TagAsync($"sha256-{image.Root.Digest.Encoded}.sig", signature);
        RegistryRepository target = client.Repository(ImageReference.Parse("registry.test/c/d"));
        await ImageCopy.CopyAsync(Repository(client), target, image.Root, new() { Referrers = true, DigestTags = true });
        ImmutableArray<Descriptor> about = await target.ListReferrersAsync(image.Root.Digest), aboutThat = await target.ListReferrersAsync(sbom.Digest);
        Assert.Multiple(() =>
        {
            Assert.That(about.Select(entry => entry.Digest), Is.EqualTo(new[] { sbom.Digest }));
            Assert.That(aboutThat.Select(entry => entry.Digest), Is.EqualTo(new[] { signature.Digest }));
            Assert.That(registry.Tags("c/d"), Does.Contain($"sha256-{image.Root.Digest.Encoded}.sig"));
        });
    }

    [Test]
    public async Task A_copy_takes_nothing_away_of_what_the_target_has_about_the_image([Values] bool hasApi, [Values] bool referrers)
    {
        using InMemoryRegistry registry = Make(hasApi);
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        Descriptor sbom = await AttachAsync(client, image.Root, Sbom, "1");
        RegistryRepository target = client.Repository(ImageReference.Parse("registry.test/c/d"));
        await ImageCopy.CopyAsync(Repository(client), target, image.Root);
        Descriptor own = (await Artifact.PutAsync(target, new() { ArtifactType = Signature, Subject = image.Root })).Descriptor;
        await ImageCopy.CopyAsync(Repository(client), target, image.Root, new() { DigestTags = true, Referrers = referrers });
        Digest[] expected = referrers ? [own.Digest, sbom.Digest] : [own.Digest];
        Assert.That((await target.ListReferrersAsync(image.Root.Digest)).Select(entry => entry.Digest), Is.EquivalentTo(expected));
    }

    [TestCase("sha256-" + Hex, true)]
    [TestCase("sha512-" + Hex, true)]
    [TestCase("sha256-" + Hex + ".sig", false)]
    [TestCase("sha256-abc", false)]
    [TestCase("v1-" + Hex, false)]
    [TestCase("latest", false)]
    public void Lists_are_known_by_the_form_of_their_tag(string tag, bool isList) => Assert.That(ReferrerTag.Is(tag), Is.EqualTo(isList));

    [Test]
    public async Task A_copy_leaves_them_behind_unless_told_otherwise()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await PushAsync(client);
        await AttachAsync(client, image.Root, Sbom, "1");
        RegistryRepository target = client.Repository(ImageReference.Parse("registry.test/c/d"));
        await ImageCopy.CopyAsync(Repository(client), target, image.Root);
        Assert.That(await target.ListReferrersAsync(image.Root.Digest), Is.Empty);
    }

    private static InMemoryRegistry Make(bool hasApi)
    {
        InMemoryRegistry registry = new();
        if (hasApi) return registry;
        registry.Inject(new() { Path = "/referrers/", Status = 404, Times = int.MaxValue });
        registry.Inject(new() { Method = "PUT", Path = "/manifests/", Without = ["OCI-Subject"], Times = int.MaxValue });
        return registry;
    }

    private static async Task<Descriptor> AttachAsync(RegistryClient client, Descriptor subject, string type, string number) =>
        (await Artifact.PutAsync(Repository(client), new() { ArtifactType = type, Subject = subject, Annotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("number", number) })).Descriptor;

    private static RepositoryRequests Requests(InMemoryRegistry registry)
    {
        Transport transport = new(registry.CreateOptions());
        return new(transport, transport.Endpoint(RegistryHost.Parse("registry.test")), "a/b");
    }

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    private static async Task<SmallImage> PushAsync(RegistryClient client)
    {
        SmallImage image = await SmallImage.MakeAsync(1, 5000);
        await ContentCopy.CopyAsync(image.Store, Repository(client), image.Root);
        await Repository(client).TagAsync("v1", image.Root);
        return image;
    }
}

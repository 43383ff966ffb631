using System.Collections.Immutable;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

public class IndexEditingTests : StoresTest
{
    [Test]
    public async Task Each_image_is_edited_in_its_place_and_attestations_of_the_old_ones_go()
    {
        ImageRoot root = await IndexAsync();
        EditedRoot edited = await RootEditing.EditAsync(root, async (image, stop) =>
            (await image.GetPlatformAsync(stop)).Architecture == "arm64" ? await image.With(i => i.User("5")).WriteAsync(Layers, cancel: stop) : image, Images);
        ImmutableArray<Descriptor> before = await EntriesAsync(root), after = await EntriesAsync(edited.Root);
        Assert.That(after[0], Is.EqualTo(before[0]), "amd64 is as it was");
        Assert.That((after[1].Platform, after[1].Digest), Is.Not.EqualTo((before[1].Platform, before[1].Digest)));
        Assert.That(after[1].Annotations!["kept"], Is.EqualTo("yes"));
        Assert.That(after.Skip(2).Select(entry => entry.Digest), Is.EqualTo(new[] { before[2].Digest }), "the attestation of amd64 stays");
        Assert.That(edited.Dropped.Single().Digest, Is.EqualTo(before[3].Digest));
    }

    [Test]
    public async Task Attestations_stay_when_asked_and_point_at_the_new_image()
    {
        EditedRoot edited = await RootEditing.EditAsync(await IndexAsync(), (image, stop) => image.With(i => i.User("5")).WriteAsync(Layers, cancel: stop), Images, new() { KeepAttestations = true });
        ImmutableArray<Descriptor> entries = await EntriesAsync(edited.Root);
        Assert.That(entries.Skip(2).Select(entry => entry.Annotations!["vnd.docker.reference.digest"]), Is.EqualTo(entries.Take(2).Select(entry => entry.Digest.ToString())));
    }

    [Test]
    public async Task An_edit_that_changes_nothing_gives_the_same_index()
    {
        ImageRoot root = await IndexAsync();
        Assert.That((await RootEditing.EditAsync(root, (image, _) => Task.FromResult(image), Images)).Root, Is.SameAs(root));
    }

    [Test]
    public async Task Platforms_are_filtered_with_their_attestations()
    {
        ImageRoot root = await IndexAsync();
        ImmutableArray<Descriptor> before = await EntriesAsync(root);
        ImageRoot one = await RootEditing.ChooseAsync(root, [Platform.LinuxArm64]);
        Assert.That(one.Descriptor.Digest, Is.EqualTo(before[1].Digest));
        ImageRoot less = await IndexBuilding.RemoveAsync(root, ["linux/amd64"], Images);
        Assert.That((await EntriesAsync(less)).Select(entry => entry.Digest), Is.EqualTo(new[] { before[1].Digest, before[3].Digest }));
        Assert.That(() => IndexBuilding.RemoveAsync(root, ["linux/s390x"], Images), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1017"));
    }

    [Test]
    public async Task Annotations_go_to_the_manifest_the_index_or_its_entry()
    {
        ImageRoot root = await IndexAsync();
        ImmutableArray<AnnotationEdit> edits = [.. AnnotationEdit.Parse("index:i=1"), .. AnnotationEdit.Parse("manifest-descriptor[linux/arm64]:d=2"), .. AnnotationEdit.Parse("manifest[linux/amd64]:m=3"), .. AnnotationEdit.Parse("manifest-descriptor:kept", removes: true)];
        ImageRoot annotated = (await RootAnnotations.ApplyAsync(root, edits, Layers)).Root;
        IndexManifest index = (await Documents.ReadIndexAsync(annotated.Source, annotated.Descriptor)).Value;
        Assert.That(index.Annotations!["i"], Is.EqualTo("1"));
        Assert.That(index.Manifests.Take(2).Select(entry => entry.Annotations?.Keys), Is.EqualTo(new[] { null, new[] { "d" } }));
        Assert.That((await new Image(annotated.Source, index.Manifests[0]).GetManifestAsync()).Annotations!["m"], Is.EqualTo("3"));
        Assert.That(index.Manifests[1].Digest, Is.EqualTo((await EntriesAsync(root))[1].Digest), "arm64's manifest is as it was");
        ImageRoot single = new(root.Source, index.Manifests[0]);
        Assert.That(() => RootAnnotations.ApplyAsync(single, [.. AnnotationEdit.Parse("index:i=1")], Layers), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1016"));
        Assert.That(() => RootAnnotations.ApplyAsync(root, [.. AnnotationEdit.Parse("manifest[linux/s390x]:i=1")], Layers), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1017"));
    }

    [TestCase("a=b", "Manifest  a=b")]
    [TestCase("index:a=b=c", "Index  a=b=c")]
    [TestCase("manifest,index:a=", "Manifest  a=|Index  a=")]
    [TestCase("manifest[linux/arm/v7]:a=b", "Manifest linux/arm/v7 a=b")]
    [TestCase("example.com:key=v", "Manifest  example.com:key=v")]
    [TestCase("index:a", "")]
    [TestCase("=b", "")]
    [TestCase("manifest[]:a=b", "")]
    public void Annotations_are_read(string text, string expected) =>
        Assert.That(string.Join('|', AnnotationEdit.Parse(text).Select(edit => $"{edit.Level} {edit.Platform} {edit.Name}={edit.Value}")), Is.EqualTo(expected));

    [Test]
    public async Task An_index_is_made_ofImages_and_one_platform_has_one_image()
    {
        Image amd = await ImageAsync(Platform.LinuxAmd64, "1"), arm = await ImageAsync(Platform.LinuxArm64, "1"), newer = await ImageAsync(Platform.LinuxAmd64, "2");
        ImageRoot index = await IndexBuilding.CreateAsync([ImageRoot.Of(amd), ImageRoot.Of(arm), ImageRoot.Of(amd)], Images);
        Assert.That((await EntriesAsync(index)).Select(entry => entry.Platform!.ToString()), Is.EqualTo(new[] { "linux/amd64", "linux/arm64" }));
        Assert.That(() => IndexBuilding.CreateAsync([ImageRoot.Of(amd), ImageRoot.Of(newer)], Images), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1018"));
        ImageRoot added = await IndexBuilding.AddAsync(index, [ImageRoot.Of(newer)], Images);
        Assert.That((await EntriesAsync(added)).Select(entry => entry.Digest), Is.EqualTo(new[] { newer.Descriptor.Digest, arm.Descriptor.Digest }));
        Assert.That((await new ImageIndex(added.Source, added.Descriptor).GetImageAsync(Platform.LinuxArm64)).Descriptor.Digest, Is.EqualTo(arm.Descriptor.Digest));
    }

    [Test]
    public async Task An_artifact_is_not_edited_as_an_image()
    {
        Document<ImageManifest> artifact = Documents.WriteManifest(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            ArtifactType = "application/x",
            Config = Samples.Blob("{}"u8.ToArray(), MediaTypes.Empty),
            Layers = [],
        });
        await artifact.PutAsync(Images);
        Assert.That(() => RootEditing.EditAsync(new(Images, artifact.Descriptor), (image, _) => Task.FromResult(image), Images), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1012"));
    }

    private static async Task<ImmutableArray<Descriptor>> EntriesAsync(ImageRoot root) => (await Documents.ReadIndexAsync(root.Source, root.Descriptor)).Value.Manifests;

    private Task<Image> ImageAsync(Platform platform, string text) => Image.Empty(platform).With(i => i.Layer("/", l => l.AddFile("f", text))).WriteAsync(Layers);

    private async Task<ImageRoot> IndexAsync()
    {
        Image amd = await ImageAsync(Platform.LinuxAmd64, "1"), arm = await ImageAsync(Platform.LinuxArm64, "1");
        Document<IndexManifest> index = Documents.WriteIndex(new()
        {
            SchemaVersion = 2,
            Manifests =
            [
                amd.Descriptor with { Platform = Platform.LinuxAmd64 },
                arm.Descriptor with { Platform = Platform.LinuxArm64, Annotations = ImmutableSortedDictionary<string, string>.Empty.Add("kept", "yes") },
                await AttestationAsync(amd),
                await AttestationAsync(arm),
            ],
        });
        await index.PutAsync(Images);
        return new(Images, index.Descriptor);
    }

    private async Task<Descriptor> AttestationAsync(Image subject)
    {
        Document<ImageManifest> attestation = Documents.WriteManifest(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = (await subject.GetManifestAsync()).Config,
            Layers = [Samples.Blob(System.Text.Encoding.UTF8.GetBytes(subject.Descriptor.Digest.ToString()), "application/vnd.in-toto+json")],
        });
        await attestation.PutAsync(Images);
        return attestation.Descriptor with
        {
            Platform = new() { Os = "unknown", Architecture = "unknown" },
            Annotations = ImmutableSortedDictionary<string, string>.Empty.Add("vnd.docker.reference.type", "attestation-manifest").Add("vnd.docker.reference.digest", subject.Descriptor.Digest.ToString()),
        };
    }
}

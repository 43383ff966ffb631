using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Testing;

namespace ImageKit.Tests;

/// <summary>Images of the store: names, removal, sweeps, archives and registries.</summary>
internal sealed class StoreTests
{
    private const string Small = "FROM scratch\nCOPY <<f /\ncontent\nf\n";

    [Test]
    public async Task Images_are_listed_by_name_and_found_by_parts_of_digests()
    {
        await using BuildBench bench = new();
        BuildResult result = await bench.BuildAsync(Small, build => build with { Tags = ["b:2", "a"] });
        ImmutableArray<StoredImage> images = await bench.Kit.ListImagesAsync();
        Assert.Multiple(async () =>
        {
            Assert.That(images.Select(image => image.Name!.Familiar), Is.EqualTo(new[] { "a:latest", "b:2" }));
            Assert.That(images[0].Id, Is.EqualTo(result.Images[0].Config.Digest));
            Assert.That(images[0].Added, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
            Assert.That((await bench.Kit.InspectAsync(result.Digest.Encoded[..12])).Root.Digest, Is.EqualTo(result.Digest));
            Assert.That((await bench.Kit.InspectAsync(images[0].Id.Encoded[..12])).Root.Digest, Is.EqualTo(result.Digest));
            Assert.That(result.Reference, Is.EqualTo("docker.io/library/b:2"));
        });
    }

    [Test]
    public async Task Names_are_given_and_taken_away()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync(Small, build => build with { Tags = ["app"] });
        await bench.Kit.TagAsync("app", "registry.test/team/app:1");
        RemoveResult removed = await bench.Kit.RemoveAsync("app");
        Assert.That(removed.Untagged, Is.EqualTo(new[] { "docker.io/library/app:latest" }));
        Assert.That(removed.Deleted, Is.Empty, "another name keeps it");
        Assert.That((await bench.Kit.ListImagesAsync()).Single().Name!.ToString(), Is.EqualTo("registry.test/team/app:1"));
        ImageKitException missing = (await Assert.ThrowsAsync<ImageKitException>(() => bench.Kit.InspectAsync("app:other")))!;
        Assert.That((missing.Code, missing.Mend), Is.EqualTo(("IK4020", "The store has 'registry.test/team/app:1'. Did you mean that?")));
    }

    [Test]
    public async Task A_digest_with_several_names_goes_only_by_force()
    {
        await using BuildBench bench = new();
        BuildResult result = await bench.BuildAsync(Small, build => build with { Tags = ["one", "two"] });
        string id = result.Digest.Encoded[..12];
        Assert.That((await Assert.ThrowsAsync<ImageKitException>(() => bench.Kit.RemoveAsync(id)))!.Code, Is.EqualTo("IK4022"));
        Assert.That((await bench.Kit.RemoveAsync(id, force: true)).Deleted, Is.EqualTo(new[] { result.Digest }));
    }

    [Test]
    public async Task A_sweep_takes_what_no_name_reaches_and_nothing_else()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync(Small, build => build with { Tags = ["kept"] });
        await bench.BuildAsync("FROM scratch\nCOPY <<g /\nother\ng\n");
        await Task.Delay(20);
        PruneResult pruned = await bench.Kit.PruneAsync(new PruneOptions { All = true });
        Assert.That(pruned.Items, Is.GreaterThan(3));
        Assert.That((await bench.Kit.PruneAsync(new PruneOptions { All = true })).Items, Is.Zero);
        using MemoryStream archive = new();
        Assert.That(async () => await bench.Kit.SaveAsync(["kept"], archive), Throws.Nothing, "all blobs of the kept image are there");
        Assert.That((await bench.FilesAsync("FROM kept\n")).Keys, Is.EqualTo(new[] { "f" }));
    }

    [Test]
    public async Task A_sweep_leaves_the_attestations_of_an_index_that_has_a_name()
    {
        await using BuildBench bench = new();
        Digest image = (await bench.BuildAsync(Small)).Digest, attestation = (await bench.BuildAsync("FROM scratch\nCOPY <<g /\nprovenance\ng\n")).Digest;
        using (LayoutStore store = LayoutStore.OpenExisting(Path.Combine(bench.Kit.Home, "images")))
        {
            Descriptor first = (await store.ResolveAsync(image.ToString()))!, second = (await store.ResolveAsync(attestation.ToString()))!;
            Document<IndexManifest> index = Documents.WriteIndex(new()
            {
                SchemaVersion = 2,
                MediaType = MediaTypes.Index,
                Manifests = [first with { Platform = Platform.LinuxAmd64 }, second with { Platform = new() { Os = "unknown", Architecture = "unknown" } }],
            });
            await store.PutAsync(index.Descriptor, new MemoryStream(index.Bytes.ToArray()));
            await store.TagAsync("docker.io/library/attested:1", index.Descriptor);
        }
        await Task.Delay(20);
        await bench.Kit.PruneAsync(new PruneOptions { All = true });
        Assert.That((await bench.Kit.ValidateAsync("attested:1")).Faults, Is.Empty);
    }

    [Test]
    public async Task An_entry_of_another_kind_hides_no_image_and_is_none()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync(Small, build => build with { Tags = ["good"] });
        byte[] text = "{\"schemaVersion\":1}"u8.ToArray();
        Descriptor old = new() { MediaType = "application/vnd.docker.distribution.manifest.v1+prettyjws", Digest = Digest.Of(text), Size = text.Length };
        using (LayoutStore store = LayoutStore.OpenExisting(Path.Combine(bench.Kit.Home, "images")))
        {
            await store.PutAsync(old, new MemoryStream(text));
            await store.TagAsync("docker.io/library/old:1", old);
        }
        Assert.That((await bench.Kit.ListImagesAsync()).Select(image => image.Name!.Familiar), Is.EqualTo(new[] { "good:latest", "old:1" }));
        Assert.That((await Assert.ThrowsAsync<ImageKitException>(() => bench.Kit.EditAsync(new("old:1"))))!.Code, Is.EqualTo("IK1012"));
        Assert.That((await Assert.ThrowsAsync<ImageKitException>(() => bench.Kit.ValidateAsync("old:1")))!.Code, Is.EqualTo("IK1012"));
    }

    [Test]
    public async Task A_sweep_takes_what_is_left_of_old_uploads()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync(Small, build => build with { Tags = ["kept"] });
        string sessions = Path.Combine(bench.Kit.Home, "uploads", "sessions");
        Directory.CreateDirectory(sessions);
        foreach (string name in new[] { "old.json", "new.json" }) File.WriteAllText(Path.Combine(sessions, name), "{}");
        File.SetLastWriteTimeUtc(Path.Combine(sessions, "old.json"), DateTime.UtcNow.AddDays(-8));
        await bench.Kit.PruneAsync(new PruneOptions());
        Assert.That(Directory.GetFiles(sessions).Select(Path.GetFileName), Is.EqualTo(new[] { "new.json" }));
    }

    [Test]
    public async Task A_saved_image_loads_elsewhere_under_its_name()
    {
        await using BuildBench one = new(), two = new();
        BuildResult result = await one.BuildAsync(Small, build => build with { Tags = ["app:1"] });
        using MemoryStream archive = new();
        await one.Kit.SaveAsync(["app:1"], archive);
        archive.Position = 0;
        LoadedImage loaded = (await two.Kit.LoadAsync(archive)).Single();
        Assert.That((loaded.Name!.Familiar, loaded.Root.Digest), Is.EqualTo(("app:1", result.Digest)));
        Assert.That((await two.FilesAsync("FROM app:1\n")).Keys, Is.EqualTo(new[] { "f" }));
    }

    [Test]
    public async Task A_pushed_image_comes_back_the_same_and_serves_as_base()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench one = Bench(registry), two = Bench(registry);
        BuildResult result = await one.BuildAsync(Small, build => build with { Tags = ["registry.test/app:1"], Outputs = [Output.Push("registry.test/app:1")] });
        TransferResult pulled = await two.Kit.PullAsync("registry.test/app:1");
        Assert.That(pulled.Digest, Is.EqualTo(result.Digest));
        await using BuildBench three = Bench(registry);
        Assert.That((await three.FilesAsync("FROM registry.test/app:1\nCOPY --from=registry.test/app:1 /f /g\n")).Keys, Is.EqualTo(new[] { "f", "g" }));
        Assert.That((await Assert.ThrowsAsync<BuildException>(() => three.BuildAsync("FROM registry.test/app:2\n")))!.Code, Is.EqualTo("IK4034"));
    }

    [Test]
    public async Task A_second_push_moves_the_new_layer_alone()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry);
        await bench.BuildAsync(Small, build => build with { Tags = ["registry.test/base"], Outputs = [Output.Push("registry.test/base")] });
        await bench.BuildAsync("FROM registry.test/base\nCOPY <<g /\nmore\ng\n", build => build with { Tags = ["registry.test/child"] });
        TransferResult pushed = await bench.Kit.PushAsync("registry.test/child");
        Assert.That((pushed.BlobsMoved, pushed.BlobsSkipped), Is.EqualTo((3, 1)), "layer, configuration and manifest move");
        Assert.That((await bench.Kit.PushAsync("registry.test/child")).BytesMoved, Is.Zero);
    }

    [Test]
    public async Task An_unchanged_build_asks_no_registry()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry);
        await bench.BuildAsync(Small, build => build with { Outputs = [Output.Push("registry.test/base")] });
        await bench.BuildAsync("FROM registry.test/base\nWORKDIR /x\n");
        registry.ForgetRequests();
        await bench.BuildAsync();
        Assert.That(registry.Requests, Is.Empty);
        await bench.BuildAsync(change: build => build with { Pull = true });
        Assert.That(registry.Requests, Is.Not.Empty);
    }

    [Test]
    public async Task An_image_from_code_is_pushed_with_what_it_stands_on()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry);
        Image below = Image.Empty(Platform.LinuxAmd64).With(edit => edit.Layer("/etc", layer => layer.AddFile("motd", "hello\n")));
        await bench.Kit.PushAsync(below, "registry.test/below:1");
        Image pulled = await bench.Kit.GetImageAsync("registry.test/below:1", Platform.LinuxAmd64);
        TransferResult pushed = await bench.Kit.PushAsync(pulled.With(edit => edit.Env("A", "b")), "registry.test/above:1");
        ImageIndex index = await bench.Kit.GetIndexAsync("registry.test/above:1");
        Image above = await index.GetImageAsync(Platform.LinuxAmd64);
        Assert.That(above.Descriptor.Digest, Is.EqualTo(pushed.Digest));
        Assert.That((await above.GetConfigAsync()).Config!.Env, Is.EqualTo(new[] { "A=b" }));
        Assert.That((await above.GetLayersAsync()).Single().DiffId, Is.EqualTo((await pulled.GetLayersAsync()).Single().DiffId));
    }

    [Test]
    public async Task An_index_shows_its_images()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync("FROM scratch\nARG TARGETARCH\nLABEL arch=$TARGETARCH\n", build => build with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64], Tags = ["two"] });
        ImageIndex index = await bench.Kit.GetIndexAsync("two");
        Assert.That((await index.GetImagesAsync()).Length, Is.EqualTo(2));
        Assert.That((await (await index.GetImageAsync(Platform.LinuxArm64)).GetConfigAsync()).Config!.Labels!["arch"], Is.EqualTo("arm64"));
        Assert.That(async () => await index.GetImageAsync(Platform.Parse("linux/s390x")), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1008"));
    }

    private static BuildBench Bench(InMemoryRegistry registry) =>
        new(options => options.Registry = new RegistryOptions { HandlerFactory = _ => registry.CreateHandler(), Credentials = CredentialSources.Anonymous });
}

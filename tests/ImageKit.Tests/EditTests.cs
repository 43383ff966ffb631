using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Testing;

namespace ImageKit.Tests;

/// <summary>Images changed without a build, in the store and straight in registries.</summary>
internal sealed class EditTests
{
    [Test]
    public async Task A_change_in_a_registry_moves_documents_alone()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry), other = Bench(registry);
        await PushAsync(bench, "registry.test/app:1", "FROM scratch\nCOPY <<f /\ncontent\nf\n");
        registry.ForgetRequests();
        EditResult result = await other.Kit.EditAsync(new("registry.test/app:1")
        {
            Steps = [new ChangeStep(image => image.Env("MODE", "prod").Annotate("a", "b"))],
            Outputs = [Output.Push("registry.test/app:prod")],
        });
        Assert.That(registry.Requests.Count(request => request.Method == "GET" && request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)), Is.EqualTo(1), "the configuration");
        Assert.That((await other.Kit.ListImagesAsync()), Is.Empty);
        await bench.Kit.PullAsync("registry.test/app:prod");
        ImageInspection image = await bench.Kit.InspectAsync("registry.test/app:prod");
        Assert.That((image.Root.Digest, image.Config.Config!.Env!.Value[^1], image.Manifest.Annotations!["a"]), Is.EqualTo((result.Digest, "MODE=prod", "b")));
    }

    [Test]
    public async Task Layers_of_a_base_in_another_repository_are_mounted_not_downloaded()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry), other = Bench(registry);
        await PushAsync(bench, "registry.test/base:1", "FROM scratch\nCOPY <<f /base\n1\nf\n");
        await PushAsync(bench, "registry.test/base:2", "FROM scratch\nCOPY <<f /base\n2\nf\nENV V=2\n");
        await PushAsync(bench, "registry.test/app:1", "FROM registry.test/base:1\nCOPY <<f /app\nhello\nf\n");
        registry.ForgetRequests();
        Image app = await other.Kit.GetImageAsync("registry.test/app:1");
        Image rebased = await other.Kit.RebaseAsync(app, onto: "registry.test/base:2", oldBase: "registry.test/base:1");
        await other.Kit.PushAsync(rebased.With(image => image.Annotate("patched", "yes")), "registry.test/app:patched");
        ImmutableArray<Descriptor> layers = (await rebased.GetManifestAsync()).Layers;
        Assert.That(registry.Requests.Where(request => request.Method == "GET").Select(request => request.Url.AbsolutePath), Has.None.Matches<string>(path => layers.Any(layer => path!.Contains(layer.Digest.ToString(), StringComparison.Ordinal))));
        Assert.That((await bench.FilesAsync("FROM registry.test/app:patched\n")).ToDictionary(file => file.Key, file => file.Value.Content), Is.EqualTo(new Dictionary<string, string> { ["app"] = "hello\n", ["base"] = "2\n" }));
        await bench.Kit.PullAsync("registry.test/app:patched");
        ImageInspection image = await bench.Kit.InspectAsync("registry.test/app:patched");
        Assert.That((image.Config.Config!.Env!.Value[^1], image.Manifest.Annotations![OciAnnotation.BaseName], image.Manifest.Annotations!["patched"]), Is.EqualTo(("V=2", "registry.test/base:2", "yes")));
    }

    [Test]
    public async Task A_rebased_image_says_its_base_and_is_rebased_again_without_a_word()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry);
        await PushAsync(bench, "registry.test/base:1", "FROM scratch\nCOPY <<f /base\n1\nf\n");
        await PushAsync(bench, "registry.test/app:1", "FROM registry.test/base:1\nCOPY <<f /app\nhello\nf\n");
        ImageKitException unknown = (await Assert.ThrowsAsync<ImageKitException>(() => RebaseAsync(bench, new())))!;
        Assert.That(unknown.Code, Is.EqualTo("IK4060"));
        await RebaseAsync(bench, new() { OldBase = "registry.test/base:1", Onto = "registry.test/base:1" });
        await PushAsync(bench, "registry.test/base:1", "FROM scratch\nCOPY <<f /base\nnewer\nf\n");
        EditResult again = await RebaseAsync(bench, new());
        Assert.That(again.Changed, Is.True);
        await bench.Kit.PullAsync("registry.test/app:1");
        Assert.That((await bench.FilesAsync("FROM registry.test/app:1\n"))["base"].Content, Is.EqualTo("newer\n"));
    }

    [Test]
    public async Task An_index_is_made_filtered_and_looked_at()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry);
        foreach (string processor in new[] { "amd64", "arm64", "s390x" })
            await bench.BuildAsync("FROM scratch\nARG TARGETARCH\nCOPY <<f /\n$TARGETARCH\nf\n", build => build with { Tags = [processor], Platforms = [Platform.Parse("linux/" + processor)] });
        await bench.Kit.EditAsync(new("amd64") { Steps = [new CreateIndexStep(["arm64", "s390x"])], Outputs = [Output.Push("registry.test/all")] });
        await bench.Kit.EditAsync(new("registry.test/all") { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64], Tags = ["two"] });
        ImageIndex index = await bench.Kit.GetIndexAsync("two");
        Assert.That((await index.GetManifestAsync()).Manifests.Select(entry => entry.Platform!.ToString()), Is.EqualTo(new[] { "linux/amd64", "linux/arm64" }));
        Assert.That((await bench.Kit.InspectAsync("two", Platform.LinuxArm64)).Root.Digest, Is.EqualTo(index.Descriptor.Digest));
    }

    [Test]
    public async Task The_same_edit_gives_the_same_digest_and_what_it_names_is_whole()
    {
        await using BuildBench one = new(), two = new();
        Digest[] digests = await Task.WhenAll(new[] { one, two }.Select(async bench =>
        {
            await bench.BuildAsync("FROM scratch\nCOPY <<f /d/\ncontent\nf\nENV A=1\n", build => build with { Tags = ["app"] });
            return (await bench.Kit.EditAsync(new("app") { Tags = ["app:2"], Steps = [new ChangeStep(image => image.Layer("/x", layer => layer.AddFile("y", "z"))), new ConvertStep(new() { Layers = LayerEncoding.Zstd })] })).Digest;
        }));
        Assert.That(digests[1], Is.EqualTo(digests[0]));
        using MemoryStream archive = new();
        await one.Kit.SaveAsync(["app:2"], archive);
        Assert.That((await one.FilesAsync("FROM app:2\n")).Keys, Is.EqualTo(new[] { "d", "d/f", "x", "x/y" }));
    }

    [Test]
    public async Task Squash_and_flatten_leave_the_files_as_they_are()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync("FROM scratch\nCOPY <<f /base\n1\nf\nCOPY <<f /old\n1\nf\n", build => build with { Tags = ["base"] });
        await bench.BuildAsync("FROM base\nCOPY <<f /a\n1\nf\nCOPY <<f /a\n2\nf\nCOPY <<f /old\n3\nf\n", build => build with { Tags = ["app"] });
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM app\n");
        await bench.Kit.EditAsync(new("app") { Steps = [new SquashStep { Base = "base" }], Tags = ["squashed"] });
        await bench.Kit.EditAsync(new("app") { Steps = [new SquashStep { Last = 2 }], Tags = ["last"] });
        using MemoryStream tar = new();
        await bench.Kit.EditAsync(new("app") { Steps = [new FlattenStep()], Tags = ["flat"], Outputs = [Output.Tar(tar)] });
        foreach ((string name, int layers) in new[] { ("squashed", 3), ("last", 4), ("flat", 1) })
        {
            Assert.That((await bench.Kit.InspectAsync(name)).Manifest.Layers, Has.Length.EqualTo(layers), name);
            Assert.That(await bench.FilesAsync($"FROM {name}\n"), Is.EqualTo(files), name);
        }
        Assert.That(tar.Length, Is.GreaterThan(3 * 512));
        Assert.That((await Assert.ThrowsAsync<ImageKitException>(() => bench.Kit.EditAsync(new("app") { Steps = [new SquashStep()] })))!.Code, Is.EqualTo("IK4060"));
    }

    [Test]
    public async Task A_file_of_a_layer_in_a_registry_is_fetched_without_the_layer()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry), other = Bench(registry);
        bench.File("big", new string([.. Enumerable.Range(0, 300_000).Select(i => (char)('a' + (i * 7919 % 26)))]));
        await PushAsync(bench, "registry.test/app:1", "FROM scratch\nCOPY big /big\nCOPY <<f /small\nsmall\nf\n");
        await bench.Kit.EditAsync(new("registry.test/app:1") { Steps = [new ConvertStep(new() { Layers = LayerEncoding.Estargz })], Outputs = [Output.Push("registry.test/app:lazy")] });
        registry.ForgetRequests();
        using MemoryStream file = new();
        await other.Kit.ReadFileAsync("registry.test/app:lazy", "/small", file);
        Assert.That(System.Text.Encoding.UTF8.GetString(file.ToArray()), Is.EqualTo("small\n"));
        Assert.That(registry.Requests.Where(request => request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)).Select(request => request.Status), Is.EqualTo(new[] { 200, 206, 206, 206 }), "the configuration, and three ranges");
    }

    [Test]
    public async Task A_pull_leaves_nothing_to_be_read_again()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry), other = Bench(registry);
        await PushAsync(bench, "registry.test/app:1", "FROM scratch\nCOPY <<f /small\nsmall\nf\n");
        await other.Kit.PullAsync("registry.test/app:1");
        ImageInspection image = await other.Kit.InspectAsync("registry.test/app:1");
        foreach (Digest diffId in image.Config!.Rootfs.DiffIds) Assert.That(File.Exists(Path.Combine(other.Kit.Home, "layers", "sha256", diffId.Encoded, "toc")), Is.True);
    }

    [Test]
    public async Task Several_tags_are_pushed_by_one_request()
    {
        using InMemoryRegistry registry = new("registry.test");
        await using BuildBench bench = Bench(registry);
        await bench.BuildAsync("FROM scratch\nCOPY <<f /small\nsmall\nf\n", build => build with { Outputs = [Output.Push("registry.test/app:1"), Output.Push("registry.test/app:2"), Output.Push("registry.test/app:3"), Output.Push("registry.test/other")] });
        string[] puts = [.. registry.Requests.Where(request => request.Method == "PUT" && request.Url.AbsolutePath.StartsWith("/v2/app/manifests/", StringComparison.Ordinal)).Select(request => request.Url.PathAndQuery)];
        Assert.That(puts, Has.Length.EqualTo(2).And.Member("/v2/app/manifests/1"));
        Assert.That(puts[1], Does.EndWith("?tag=2&tag=3"));
        using RegistryClient client = new(new RegistryOptions { HandlerFactory = _ => registry.CreateHandler(), Credentials = CredentialSources.Anonymous });
        Assert.That(await client.Repository(ImageReference.Parse("registry.test/app")).ListTagsAsync().ToArrayAsync(), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public async Task A_layout_is_a_source_and_a_target()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync("FROM scratch\nCOPY <<f /\ncontent\nf\n", build => build with { Tags = ["app:1"], Outputs = [Output.OciLayout(Path.Combine(bench.Other, "in"))] });
        EditResult result = await bench.Kit.EditAsync(new($"oci-layout://{bench.Other}/in:1") { Steps = [new AnnotateStep(AnnotationEdit.Parse("a=b"))], Outputs = [Output.OciLayout(Path.Combine(bench.Other, "out"))] });
        using LayoutStore layout = LayoutStore.OpenExisting(Path.Combine(bench.Other, "out"));
        Assert.That((await layout.ResolveAsync("latest"))!.Digest, Is.EqualTo(result.Digest));
        Assert.That((await Assert.ThrowsAsync<ImageKitException>(() => bench.Kit.EditAsync(new($"oci-layout://{bench.Other}/in:2"))))!.Code, Is.EqualTo("IK4034"));
    }

    private static Task<EditResult> RebaseAsync(BuildBench bench, RebaseStep step) =>
        bench.Kit.EditAsync(new("registry.test/app:1") { Pull = true, Steps = [step], Outputs = [Output.Push("registry.test/app:1")] });

    private static Task<BuildResult> PushAsync(BuildBench bench, string name, string dockerfile) =>
        bench.BuildAsync(dockerfile, build => build with { Pull = true, Outputs = [Output.Push(name)] });

    private static BuildBench Bench(InMemoryRegistry registry) =>
        new(options => options.Registry = new RegistryOptions { HandlerFactory = _ => registry.CreateHandler(), Credentials = CredentialSources.Anonymous });
}

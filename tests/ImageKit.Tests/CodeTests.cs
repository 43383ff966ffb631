using ImageKit.Oci;

namespace ImageKit.Tests;

/// <summary>Images made in code, without a Dockerfile.</summary>
internal sealed class CodeTests
{
    [Test]
    public async Task An_image_from_code_is_a_base_like_any_other()
    {
        await using BuildBench bench = new();
        Image image = Image.Empty(Platform.Local).With(edit => edit.Layer("/etc", layer => layer.AddFile("motd", "hello\n")).Env("FROM", "code"));
        Descriptor stored = await bench.Kit.StoreAsync(image, "made");
        Assert.That((await bench.Kit.InspectAsync("made")).ManifestDescriptor.Digest, Is.EqualTo(stored.Digest));
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM made\nCOPY <<x /from\n$FROM\nx\n");
        Assert.That((files["etc/motd"].Content, files["from"].Content), Is.EqualTo(("hello\n", "code\n")));
    }

    [Test]
    public async Task A_stored_image_can_be_changed_and_stored_again()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync("FROM scratch\nCOPY <<a /\nx\na\n", build => build with { Tags = ["one"] });
        Image image = await bench.Kit.GetImageAsync("one");
        await bench.Kit.StoreAsync(image.With(edit => edit.Layer("/", layer => layer.AddFile("b", "y"))), "two");
        Assert.That((await bench.FilesAsync("FROM two\n")).Keys, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void The_client_comes_out_of_a_container_of_services()
    {
        Microsoft.Extensions.DependencyInjection.ServiceCollection services = new();
        services.AddImageKit(options => options.Home = "/somewhere");
        using var provider = Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(services);
        Assert.That(((ImageKitClient)provider.GetService(typeof(ImageKitClient))!).Home, Is.EqualTo("/somewhere"));
    }
}

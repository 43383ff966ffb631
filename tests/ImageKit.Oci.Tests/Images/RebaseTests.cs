using System.Collections.Immutable;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

public class RebaseTests : StoresTest
{
    [Test]
    public async Task The_upperLayers_come_on_the_new_base_unread()
    {
        Image old = await BaseAsync("old"), ahead = await BaseAsync("new");
        Image app = await old.With(i => i.Layer("/app", l => l.AddFile("a", "1")).User("5")).WriteAsync(Layers);
        Image rebased = await ImageRebase.RebaseAsync(app, old, ahead, new("docker.io/library/base:1", ahead.Descriptor.Digest), Images);
        ImmutableArray<ImageLayer> layers = await rebased.GetLayersAsync();
        Assert.That(layers, Is.EqualTo(new[] { (await ahead.GetLayersAsync())[0], (await app.GetLayersAsync())[1] }));
        ImageConfig config = await rebased.GetConfigAsync();
        Assert.That(config.History!.Value.Count(line => line.EmptyLayer is not true), Is.EqualTo(2));
        Assert.That(config.History!.Value.Select(line => line.CreatedBy), Is.EqualTo(new[] { "LAYER /etc", "ENV MAKER=new", "LAYER /app", "USER 5" }));
        Assert.That((await rebased.GetManifestAsync()).Annotations![OciAnnotation.BaseDigest], Is.EqualTo(ahead.Descriptor.Digest.ToString()));
        Assert.That((await ImageRebase.RebaseAsync(app, old, ahead, new("docker.io/library/base:1", ahead.Descriptor.Digest), Images)).Descriptor, Is.EqualTo(rebased.Descriptor));
    }

    [Test]
    public async Task An_image_of_another_base_is_refused_with_the_place_where_they_part()
    {
        Image old = await BaseAsync("old"), other = await BaseAsync("other");
        Image app = await old.With(i => i.Layer("/app", l => l.AddFile("a", "1"))).WriteAsync(Layers);
        ContentException refused = (await Assert.ThrowsAsync<ContentException>(() => ImageRebase.RebaseAsync(app, other, old, null, Images)))!;
        Assert.That((refused.Code, refused.Why), Is.EqualTo(("IK1014", "Of the old base's 1 layers the lowest 0 are the lowest of the image's 2; all would have to be.")));
    }

    [Test]
    public async Task A_base_for_another_processor_is_refused()
    {
        Image old = await BaseAsync("old"), other = await BaseAsync("old", Platform.LinuxArm64);
        Assert.That(() => ImageRebase.RebaseAsync(old, old, other, null, Images), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1015"));
    }

    [Test]
    public void What_the_image_took_over_follows_the_base_and_what_it_changed_stays()
    {
        ImageConfig merged = ConfigRebase.Merge(
            Config(["PATH=/app:/bin", "VERSION=1", "OWN=x"], new() { User = "5", Cmd = ["sh"], ExposedPorts = ["80/tcp", "1/tcp"], WorkingDir = "/" }),
            Config(["PATH=/bin", "VERSION=1", "GONE=1", "DROPPED=1"], new() { User = "0", Cmd = ["sh"], ExposedPorts = ["80/tcp"], WorkingDir = "/" }),
            Config(["PATH=/usr/bin", "VERSION=2", "ADDED=1", "DROPPED=2"], new() { User = "7", Cmd = ["bash"], ExposedPorts = ["443/tcp"], WorkingDir = "/home" }));
        ContainerConfig config = merged.Config!;
        Assert.Multiple(() =>
        {
            Assert.That(config.Env, Is.EqualTo(new[] { "PATH=/app:/bin", "VERSION=2", "ADDED=1", "OWN=x" }));
            Assert.That(config.ExposedPorts, Is.EqualTo(new[] { "1/tcp", "443/tcp" }));
            Assert.That((config.User, config.WorkingDir), Is.EqualTo(("5", "/home")));
            Assert.That(config.Cmd, Is.EqualTo(new[] { "bash" }));
        });
    }

    private Task<Image> BaseAsync(string name, Platform? platform = null) =>
        Image.Empty(platform ?? Platform.LinuxAmd64).With(i => i.Layer("/etc", l => l.AddFile("name", name)).Env("MAKER", name)).WriteAsync(Layers);

    private static ImageConfig Config(ImmutableArray<string> env, ContainerConfig config) => new() { Rootfs = new() { DiffIds = [] }, Config = config with { Env = env } };
}

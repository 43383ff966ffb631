using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

/// <summary>In what two images differ.</summary>
public class ComparisonTests : LayeredImagesTest
{
    [TestCase("a=1", "a=1", "", TestName = "The same layer is no difference")]
    [TestCase("a=1", "a=2", "~a Content", TestName = "Other bytes of the same length")]
    [TestCase("a=1", "a=1 b=2", "+b", TestName = "A file more")]
    [TestCase("a=1 b=2", "a=1", "-b", TestName = "A file less")]
    [TestCase("d/ d/x=1 e/", "e/", "-d -d/x", TestName = "A directory goes with all in it")]
    [TestCase("a=1", "a/ a/x=1", "~a Kind +a/x", TestName = "A file becomes a directory")]
    [TestCase("a/ a/x=1", "a->b", "~a Kind -a/x", TestName = "A directory becomes a link")]
    [TestCase("l->a", "l->b", "~l Target", TestName = "A link points elsewhere")]
    [TestCase("a=1 b=>a", "a=1 b=1", "", TestName = "Hard links are files of their own")]
    public async Task Files(string before, string after, string expected)
    {
        Image one = await ImageAsync("base/ base/f=old", before), other = await ImageAsync("base/ base/f=old", after);
        ImageDifference found = await ImageComparison.CompareAsync(one, other, Layers);
        Assert.That(string.Join(' ', found.Files.Select(Show)), Is.EqualTo(expected));
        Assert.That(found.SharedLayers, Is.EqualTo(before == after ? 2 : 1));
        Assert.That(found.IsEmpty, Is.EqualTo(before == after));
    }

    [Test]
    public async Task A_deletion_in_an_upper_layer_counts_and_what_lies_deeper_may_differ_too()
    {
        Image one = await ImageAsync("a=1 d/ d/x=1", "b=2"), other = await ImageAsync("a=1 d/ d/x=1", ".wh.a d/.wh.x", "b=3");
        Assert.That((await ImageComparison.CompareAsync(one, other, Layers)).Files.Select(Show), Is.EqualTo(new[] { "-a", "~b Content", "-d/x" }));
        Image deeper = await ImageAsync("a=9 d/ d/x=1", "b=2");
        ImageDifference found = await ImageComparison.CompareAsync(one, deeper, Layers);
        Assert.That(found.Files.Select(Show), Is.EqualTo(new[] { "~a Content" }));
        Assert.That((found.SharedLayers, found.Removed.Length, found.Added.Length), Is.EqualTo((0, 2, 2)), "layers stand on each other");
    }

    [Test]
    public async Task Values_are_compared_by_name()
    {
        Image one = await ImageAsync("a=1");
        Image other = await one.With(i => i.Env("PATH", "/bin").User("5").Label("x", "y").Annotate("team", "shop")).WriteAsync(Layers);
        ImageDifference found = await ImageComparison.CompareAsync(one, other, Layers);
        Assert.That(found.Values.Select(change => $"{change.Name}:{change.Before}:{change.After}"),
            Is.SupersetOf(new[] { "config.Env.PATH::/bin", "config.Labels.x::y", "config.User::5", "manifest.annotations.team::shop" }));
        Assert.That(found.Files, Is.Empty);
        Assert.That(found.SharedLayers, Is.EqualTo(1));
    }

    [Test]
    public async Task Another_compression_is_no_other_content_and_nothing_is_read_for_it()
    {
        Image one = await ImageAsync("a=1");
        Image other = await new ImageConversion { Layers = LayerEncoding.Zstd }.ConvertAsync(one, Layers);
        ImageLayer before = (await one.GetLayersAsync())[0];
        await Images.DeleteAsync(before.Blob.Digest);
        using LayerStore unread = LayerStore.Open(Folder["unread"], Images);
        ImageDifference found = await ImageComparison.CompareAsync(one, other, unread);
        Assert.That(found.Recompressed.Single().Before, Is.EqualTo(before.Blob));
        Assert.That(found.Files, Is.Empty);
    }

    [Test]
    public void Every_field_of_an_entry_has_its_aspect()
    {
        TocEntry file = new() { Path = "f", Kind = EntryKind.File, Size = 1 };
        (TocEntry Other, FileAspects Expected)[] cases =
        [
            (file, FileAspects.None),
            (file with { Mode = 1 }, FileAspects.Mode),
            (file with { Uid = 1 }, FileAspects.Owner),
            (file with { Gid = 1 }, FileAspects.Owner),
            (file with { Size = 2 }, FileAspects.Content),
            (file with { MtimeSeconds = 1 }, FileAspects.Time),
            (file with { MtimeNanoseconds = 1 }, FileAspects.Time),
            (file with { Xattrs = [new("user.x", [1])] }, FileAspects.Xattrs),
            (file with { Kind = EntryKind.Fifo }, FileAspects.Kind),
            (file with { Mode = 1, Uid = 2 }, FileAspects.Mode | FileAspects.Owner),
        ];
        foreach ((TocEntry other, FileAspects expected) in cases) Assert.That(TreeComparison.Aspects(file, other), Is.EqualTo(expected), other.ToString());
        TocEntry device = new() { Path = "d", Kind = EntryKind.CharacterDevice };
        Assert.That(TreeComparison.Aspects(device, device with { DeviceMinor = 3 }), Is.EqualTo(FileAspects.Target));
    }

    private static string Show(FileChange change) => change.Before is null ? "+" + change.Path : change.After is null ? "-" + change.Path : $"~{change.Path} {change.Aspects & ~FileAspects.Time}";
}

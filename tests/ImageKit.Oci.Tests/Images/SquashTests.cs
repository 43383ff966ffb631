using System.Collections.Immutable;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

public class SquashTests : LayeredImagesTest
{
    // The base is `base/`, `base/f=old`, `keep=k`, `dir/`, `dir/x=1`, `dir/y=2`.
    [TestCase("a=1|a=2", "a=2", TestName = "Of a file written twice the last one is left")]
    [TestCase("a=1|.wh.a", ".wh.a", TestName = "A file that came and went stays deleted, as the base may have one")]
    [TestCase(".wh.keep|n=1", ".wh.keep n=1", TestName = "A deletion of the base's file is kept")]
    [TestCase(".wh.keep|keep=new", "keep=new", TestName = "A file in the place of a deleted one needs no deletion")]
    [TestCase(".wh.dir|dir/ dir/z=3", "dir/ dir/.wh..wh..opq dir/z=3", TestName = "A directory made again after its deletion is opaque")]
    [TestCase("dir/ dir/.wh..wh..opq dir/z=3|dir/w=4", "dir/ dir/.wh..wh..opq dir/w=4 dir/z=3", TestName = "An opaque directory stays opaque")]
    [TestCase("dir/z=3|dir/ dir/.wh..wh..opq", "dir/ dir/.wh..wh..opq", TestName = "An opaque directory hides what an earlier layer put there")]
    [TestCase("dir/.wh.x|.wh.dir", ".wh.dir", TestName = "A deletion in a directory that goes itself is no more")]
    [TestCase("dir/.wh.x|dir/z=3", "dir/.wh.x dir/z=3", TestName = "A directory that no layer names is not named")]
    [TestCase("dir=file|dir/z=3", "dir/ dir/.wh..wh..opq dir/z=3", TestName = "A directory over a file that replaced one is opaque")]
    [TestCase(".wh.dir dir/ dir/z=3|n=1", "dir/ dir/.wh..wh..opq dir/z=3 n=1", TestName = "Deleted and made again in one layer is opaque")]
    [TestCase("a=1 b=>a|.wh.a", ".wh.a b=1", TestName = "A hard link outlives the name it was made from")]
    [TestCase("a=1 b=>a|a=2", "a=2 b=1", TestName = "A hard link keeps the bytes that its file had")]
    [TestCase("a=1 b=>a|n=1", "a=1 n=1 b=>a", TestName = "Hard links stay such")]
    [TestCase("n=1|b=>base/f", "b=old n=1", TestName = "A hard link to a file of the base becomes the file")]
    [TestCase("n=1|b=>base/f c=>base/f", "b=old n=1 c=>b", TestName = "Two hard links to a file of the base are one file")]
    [TestCase("l->dir|l/ l/z=1", "l/ l/.wh..wh..opq l/z=1", TestName = "A directory over a link is opaque")]
    public async Task Squashed(string layers, string expected)
    {
        Image image = await ImageAsync(["base/ base/f=old keep=k dir/ dir/x=1 dir/y=2", .. layers.Split('|')]);
        Image squashed = await ImageSquash.SquashAsync(image, Layers, first: 1);
        ImmutableArray<ImageLayer> before = await image.GetLayersAsync(), after = await squashed.GetLayersAsync();
        Assert.That(after[0], Is.EqualTo(before[0]));
        Assert.That(await ListAsync(after[1]), Is.EqualTo(expected.Split(' ').Order(StringComparer.Ordinal)));
        Assert.That(await TreeAsync(squashed), Is.EqualTo(await TreeAsync(image)), "the files look as before");
        Image flat = await ImageSquash.SquashAsync(image, Layers);
        Assert.That(await TreeAsync(flat), Is.EqualTo(await TreeAsync(image)));
        Assert.That((await ListAsync((await flat.GetLayersAsync()).Single())).Where(entry => entry.Contains(".wh.", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task The_base_is_not_read_and_the_history_stays_right()
    {
        Image image = await ImageAsync(["keep=k", "a=1", "b=2"]);
        ImageLayer lowest = (await image.GetLayersAsync())[0];
        await Images.DeleteAsync(lowest.Blob.Digest);
        using LayerStore other = LayerStore.Open(Folder["other"], Images);
        Image squashed = await ImageSquash.SquashAsync(image, other, first: 1);
        ImageConfig config = await squashed.GetConfigAsync();
        Assert.That(config.History!.Value.Select(line => (line.CreatedBy, line.EmptyLayer)), Is.EqualTo(new (string?, bool?)[]
        {
            ("APPEND 0.tar", null), ("APPEND 1.tar", true), ("APPEND 2.tar", true), ("SQUASH 2 layers", null),
        }));
        Assert.That(config.Rootfs.DiffIds, Has.Length.EqualTo(2));
        Assert.That((await ImageSquash.SquashAsync(image, other, first: 1)).Descriptor, Is.EqualTo(squashed.Descriptor), "the same again");
    }

    [Test]
    public async Task The_files_are_written_as_a_tar()
    {
        Image image = await ImageAsync(["keep=k dir/ dir/x=1", ".wh.keep dir/y=2"]);
        MemoryStream target = new();
        await ImageFiles.WriteTarAsync(image, Layers, target);
        target.Position = 0;
        List<string> names = [];
        await using System.Formats.Tar.TarReader reader = new(target);
        while (await reader.GetNextEntryAsync() is { } entry) names.Add(entry.Name);
        Assert.That(names, Is.EqualTo(new[] { "dir/", "dir/x", "dir/y" }));
    }

    private async Task<string[]> ListAsync(ImageLayer layer)
    {
        List<string> list = [];
        foreach (TocEntry entry in (await Layers.FindAsync(layer.DiffId))!.Toc.Entries) list.Add(await ShowAsync(entry, Layers.Origin(layer.DiffId), entry));
        return [.. list.Order(StringComparer.Ordinal)];
    }

    private async Task<string[]> TreeAsync(Image image)
    {
        Tree tree = Tree.Empty;
        foreach (ImageLayer layer in await image.GetLayersAsync()) tree = tree.Apply((await Layers.FindAsync(layer.DiffId))!.Toc, Layers.Origin(layer.DiffId));
        List<string> list = [];
        foreach (TreeNode node in tree.Walk().Skip(1)) list.Add(await ShowAsync(node.Entry, node.Origin, node.SourceEntry));
        return [.. list];
    }

    private static async Task<string> ShowAsync(TocEntry entry, ContentOrigin? origin, TocEntry source) => entry.Kind switch
    {
        EntryKind.Directory => entry.Path + "/",
        EntryKind.Symlink => $"{entry.Path}->{entry.LinkTarget}",
        EntryKind.Hardlink => $"{entry.Path}=>{entry.LinkTarget}",
        _ when entry.Size == 0 => entry.Path,
        _ => $"{entry.Path}={System.Text.Encoding.ASCII.GetString(await Samples.ReadAllAsync(await origin!.OpenAsync(source, CancellationToken.None)))}",
    };
}

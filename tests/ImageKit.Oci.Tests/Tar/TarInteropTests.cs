using System.Security.Cryptography;
using System.Text;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.TarTests;

/// <summary>GNU tar as judge, both ways.</summary>
[Platform("Linux")]
public class TarInteropTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        Programs.Require("tar");
        _folder = new();
    }

    [TearDown]
    public void DropFolder() => _folder.Dispose();

    [TestCase("gnu")]
    [TestCase("oldgnu")]
    [TestCase("pax")]
    [TestCase("ustar")]
    [TestCase("v7")]
    public async Task What_tar_writes_is_read(string format)
    {
        bool longNames = format is "gnu" or "oldgnu" or "pax";
        string source = MakeTree(longNames, pipe: format != "v7");
        await Programs.RunAsync("tar", $"--format={format}", "--sort=name", "--owner=1234", "--group=99", "--mtime=@1234567890", "-C", source, "-cf", _folder["t.tar"], ".");
        Dictionary<string, (TarEntry Entry, byte[] Content)> read = await ReadAsync();
        Assert.That(read["./dir/twin"].Content, Is.EqualTo("hello"u8.ToArray()));
        Assert.That((read["./plain"].Entry.Kind, read["./plain"].Entry.LinkName), Is.EqualTo((EntryKind.Hardlink, "./dir/twin")));
        Assert.That((read["./plain"].Entry.Uid, read["./plain"].Entry.Gid, read["./plain"].Entry.MtimeSeconds), Is.EqualTo((1234, 99, 1234567890)));
        Assert.That(read["./dir/"].Entry.Kind, Is.EqualTo(EntryKind.Directory));
        Assert.That((read["./link"].Entry.Kind, read["./link"].Entry.LinkName), Is.EqualTo((EntryKind.Symlink, "../out")));
        Assert.That(read["./dir/größe"].Content, Has.Length.EqualTo(300_000));
        if (format != "v7") Assert.That(read["./pipe"].Entry.Kind, Is.EqualTo(EntryKind.Fifo));
        if (!longNames) return;
        Assert.That(read.Keys.Single(name => name.EndsWith("/deep", StringComparison.Ordinal)), Has.Length.GreaterThan(500));
        Assert.That(read["./longlink"].Entry.LinkName, Has.Length.EqualTo(300));
    }

    [TestCase("gnu", "0.0", TestName = "GNU's old sparse form")]
    [TestCase("pax", "0.0", TestName = "sparse form PAX 0.0")]
    [TestCase("pax", "0.1", TestName = "sparse form PAX 0.1")]
    [TestCase("pax", "1.0", TestName = "sparse form PAX 1.0")]
    public async Task Sparse_files_are_read_whole(string format, string version)
    {
        string path = _folder["s"];
        await using (FileStream file = File.Create(path))
        {
            for (int i = 1; i < 60; i++) // more parts than fit into a header and one more block
            {
                file.Position = i * 100_000L;
                file.Write(Encoding.ASCII.GetBytes($"part {i}"));
            }
            file.SetLength(7_000_000);
        }
        await Programs.RunAsync("tar", $"--format={format}", "--sparse", $"--sparse-version={version}", "-C", _folder.Path, "-cf", _folder["t.tar"], "s");
        (TarEntry entry, byte[] content) = (await ReadAsync()).Single().Value;
        Assert.That(entry.IsSparse, Is.True);
        Assert.That(entry.Name, Is.EqualTo("s"));
        byte[] expected = await File.ReadAllBytesAsync(path);
        Assert.That(content.AsSpan().SequenceEqual(expected), Is.True);
        Assert.That(new FileInfo(_folder["t.tar"]).Length, Is.LessThan(1_000_000));
    }

    [Test]
    public async Task Extended_attributes_are_read()
    {
        await File.WriteAllTextAsync(_folder["x"], "x");
        using (var root = ImageKit.Posix.DirectoryRoot.Open(_folder.Path)) root.SetXattr("x", "user.note", [1, 0, 2]);
        await Programs.RunAsync("tar", "--format=pax", "--xattrs", "-C", _folder.Path, "-cf", _folder["t.tar"], "x");
        Xattr xattr = (await ReadAsync()).Single().Value.Entry.Xattrs.Single();
        Assert.That((xattr.Name, Convert.ToHexString(xattr.Value.AsSpan())), Is.EqualTo(("user.note", "010002")));
    }

    [Test]
    public async Task What_we_write_tar_unpacks()
    {
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 50), 6));
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        await File.WriteAllBytesAsync(_folder["t.tar"], await TarSamples.WriteAsync(
            (new() { Path = "", Kind = EntryKind.Directory, Mode = 0x1ED }, null),
            (new() { Path = deep, Kind = EntryKind.Directory, Mode = 0x1C0 }, null),
            (new() { Path = deep + "/größe", Kind = EntryKind.File, Mode = 0x180, Size = content.Length, MtimeSeconds = -1000, MtimeNanoseconds = 250_000_000, Xattrs = [new("user.a", [9])] }, content),
            (new() { Path = "hard", Kind = EntryKind.Hardlink, LinkTarget = deep + "/größe" }, null),
            (new() { Path = "soft", Kind = EntryKind.Symlink, LinkTarget = deep }, null),
            (new() { Path = "pipe", Kind = EntryKind.Fifo, Mode = 0x1B6 }, null)));
        Directory.CreateDirectory(_folder["out"]);
        string listing = await Programs.RunAsync([("TZ", "UTC"), ("LC_ALL", "C.UTF-8")], "tar", "--full-time", "-tvf", _folder["t.tar"]);
        Assert.That(listing, Does.Contain("hard link to " + deep).And.Contain("prw-rw-rw-"));
        await Programs.RunAsync("tar", "--xattrs", "--xattrs-include=user.*", "-C", _folder["out"], "-xf", _folder["t.tar"]);
        Assert.That(await File.ReadAllBytesAsync(_folder["out/hard"]), Is.EqualTo(content));
        Assert.That(new FileInfo(_folder["out/soft"]).LinkTarget, Is.EqualTo(deep));
        using var root = ImageKit.Posix.DirectoryRoot.Open(_folder["out"]);
        ImageKit.Posix.FileStatus status = root.Stat("hard")!.Value; // the listing shows times before 1970 wrongly
        Assert.That((status.MtimeSeconds, status.MtimeNanoseconds), Is.EqualTo((-1000, 250_000_000)));
        Assert.That(root.GetXattrs("hard").Single().Value, Is.EqualTo(new byte[] { 9 }));
    }

    private string MakeTree(bool longNames, bool pipe)
    {
        string source = _folder["tree"];
        Directory.CreateDirectory(Path.Combine(source, "dir"));
        File.WriteAllText(Path.Combine(source, "plain"), "hello");
        File.WriteAllBytes(Path.Combine(source, "dir", "größe"), new byte[300_000]);
        File.CreateSymbolicLink(Path.Combine(source, "link"), "../out");
        using var root = ImageKit.Posix.DirectoryRoot.Open(source);
        root.MakeHardLink("dir/twin", "plain");
        if (pipe) root.MakeNode("pipe", ImageKit.Posix.FileKind.Fifo, 0x1B6, 0, 0);
        if (!longNames) return source;
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 100), 5));
        Directory.CreateDirectory(Path.Combine(source, deep));
        File.WriteAllText(Path.Combine(source, deep, "deep"), "");
        File.CreateSymbolicLink(Path.Combine(source, "longlink"), new string('t', 300));
        return source;
    }

    private async Task<Dictionary<string, (TarEntry Entry, byte[] Content)>> ReadAsync() =>
        (await TarSamples.ReadAsync(File.OpenRead(_folder["t.tar"]))).ToDictionary(item => item.Entry.Name);
}

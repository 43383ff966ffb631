using ImageKit.Tests.Users;
using System.Text;
using ImageKit.Posix;
using static ImageKit.Oci.Tests.Items;

namespace ImageKit.Oci.Tests;

[Platform("Linux")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UnpackTests : IDisposable
{
    private Disk _disk = null!;
    private string _root = null!;

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private static UnpackOptions Lenient => new() { BestEffort = !IsRoot };

    [SetUp]
    public void Begin() => (_disk, _root) = (new Disk(), "");

    [TearDown]
    public void Dispose()
    {
        _disk?.Dispose();
        _disk = null!;
    }

    [Test]
    public async Task A_layer_is_on_disk_as_its_tree_says()
    {
        LayerItem[] layer =
        [
            Dir("etc", "750"), File("etc/f", "text", "4711", uid: 12, mtime: 77), Link("etc/l", "/etc/../f"), Hard("etc/h", "etc/f"), Node("pipe", EntryKind.Fifo),
            Node("null", EntryKind.CharacterDevice, 1, 3), File("x", "x", xattrs: [Xattr("user.a", "1")]), Dir("closed", "0"), File("closed/in", "secret", "0"), Dir("set", "2775", uid: 5), File("set/f"),
        ];
        if (!IsRoot) Assert.Ignore("needs root");
        await UnpackAsync(layer);
        Assert.That(Disk.Describe(await _disk.ReadAsync(_root)), Is.EqualTo(Disk.Describe(Tree.Of(layer))));
    }

    [Test]
    public async Task Missing_parents_are_made_and_the_last_of_two_entries_holds()
    {
        await UnpackAsync(File("a/b/c", "1"), File("a/b/c", "2"), Dir("d"), File("d/x"), Link("d", "a"), File("f"), File("f/below", "deep"));
        Assert.That(Lines(await _disk.ReadAsync(_root)), Is.EqualTo(new[] { "d a", "d a/b", "f a/b/c", "l d -> a", "d f", "f f/below" }));
        Assert.That(System.IO.File.ReadAllText($"{_root}/a/b/c"), Is.EqualTo("2"));
        Assert.That(System.IO.File.GetUnixFileMode($"{_root}/a"), Is.EqualTo((UnixFileMode)Octal("755")));
        Assert.That(Directory.GetLastWriteTimeUtc($"{_root}/a"), Is.EqualTo(DateTime.UnixEpoch));
    }

    [TestCase("gzip")]
    [TestCase("zstd")]
    [TestCase("none")]
    public async Task A_layer_as_it_lies_in_a_registry_is_unpacked_and_its_stream_stays_open(string compression)
    {
        using MemoryStream tar = new();
        using (System.Formats.Tar.TarWriter writer = new(tar, leaveOpen: true))
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "BZhello") { DataStream = new MemoryStream("text"u8.ToArray()) });
        MemoryStream blob = new(compression switch { "gzip" => Gzip(tar.ToArray()), "zstd" => new ZstdSharp.Compressor().Wrap(tar.ToArray()).ToArray(), _ => tar.ToArray() });
        string root = _disk.New("root");
        UnpackResult result = await LayerUnpacker.UnpackAsync(blob, root, Lenient);
        Assert.That((result.Entries, result.Bytes, System.IO.File.ReadAllText($"{root}/BZhello")), Is.EqualTo((1, 4L, "text")));
        Assert.That(blob.CanRead, Is.True);
        if (compression != "gzip") return;
        byte[] broken = blob.ToArray();
        broken[^6] ^= 1; // of the checksum
        Assert.That(() => LayerUnpacker.UnpackAsync(new MemoryStream(broken), root, Lenient), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1208"));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (System.IO.Compression.GZipStream gzip = new(compressed, System.IO.Compression.CompressionMode.Compress)) gzip.Write(bytes);
        return compressed.ToArray();
    }

    [Test]
    public async Task A_link_whose_target_comes_later_does_not_lead_out()
    {
        string outside = _disk.New("outside");
        await UnpackAsync(Link("lib", outside), File("lib/x", "in"), Link("up", "../../../../outside"), File("up/y", "in"), Link("abs", "/usr/lib"), File("abs/z", "in"));
        Assert.That(Directory.EnumerateFileSystemEntries(outside), Is.Empty);
        Assert.That(System.IO.File.ReadAllText($"{_root}/outside/y"), Is.EqualTo("in"));
        Assert.That(System.IO.File.ReadAllText($"{_root}/usr/lib/z"), Is.EqualTo("in"));
        Assert.That(System.IO.File.ReadAllText(_root + outside + "/x"), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_file_over_a_link_replaces_the_link_and_not_its_target()
    {
        string secret = System.IO.Path.Combine(_disk.New("outside"), "secret");
        System.IO.File.WriteAllText(secret, "secret");
        await UnpackAsync(Link("l", secret), File("l", "new"), Link("d", System.IO.Path.GetDirectoryName(secret)!), Dir("d", "700"), File("d/secret", "mine"));
        Assert.That(System.IO.File.ReadAllText(secret), Is.EqualTo("secret"));
        Assert.That(System.IO.File.ReadAllText($"{_root}/l"), Is.EqualTo("new"));
        Assert.That(System.IO.File.ReadAllText($"{_root}/d/secret"), Is.EqualTo("mine"));
    }

    [Test]
    public async Task A_hard_link_out_of_the_root_is_looked_up_in_it()
    {
        string secret = System.IO.Path.Combine(_disk.New("outside"), "secret");
        System.IO.File.WriteAllText(secret, "secret");
        await Assert.ThatAsync(() => UnpackAsync(Hard("h", secret.TrimStart('/'))), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1211"));
        await Assert.ThatAsync(() => UnpackAsync(Link("out", System.IO.Path.GetDirectoryName(secret)!), Hard("h", "out/secret")), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1211"));
        Assert.That(System.IO.File.Exists($"{_root}/h"), Is.False);
    }

    [Test]
    public async Task A_hard_link_to_a_link_is_a_link_and_writes_nothing_outside()
    {
        string secret = System.IO.Path.Combine(_disk.New("outside"), "secret");
        System.IO.File.WriteAllText(secret, "secret");
        await UnpackAsync(Link("l", secret), Hard("h", "l"), File("h", "written"));
        Assert.That(System.IO.File.ReadAllText(secret), Is.EqualTo("secret"));
    }

    [Test]
    public async Task A_circle_of_links_in_a_path_is_an_error() =>
        await Assert.ThatAsync(() => UnpackAsync(Link("a", "b"), Link("b", "a"), File("a/x")), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1212"));

    [TestCase("../escape", TestName = "a name with two dots in front is refused")]
    [TestCase("a/../../escape", TestName = "a name with two dots inside is refused")]
    public async Task Refuses(string name)
    {
        string tar = System.IO.Path.Combine(_disk.Path, "t.tar");
        Disk.Sh($"mkdir -p src/a && echo x > escape && tar -C src --absolute-names -cf '{tar}' --transform 's,.*,{name},' ../escape", _disk.Path);
        _root = _disk.New("root");
        await using FileStream stream = System.IO.File.OpenRead(tar);
        await Assert.ThatAsync(() => LayerUnpacker.UnpackAsync(stream, _root, Lenient), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1204"));
        Assert.That(Directory.EnumerateFileSystemEntries(_root), Is.Empty);
    }

    [Test]
    public async Task An_absolute_name_begins_at_the_root()
    {
        string tar = System.IO.Path.Combine(_disk.Path, "t.tar");
        Disk.Sh($"echo x > '{_disk.Path}/victim' && tar --absolute-names -cf '{tar}' '{_disk.Path}/victim' && echo safe > '{_disk.Path}/victim'");
        _root = _disk.New("root");
        await using FileStream stream = System.IO.File.OpenRead(tar);
        await LayerUnpacker.UnpackAsync(stream, _root, Lenient);
        Assert.That(System.IO.File.ReadAllText($"{_disk.Path}/victim").Trim(), Is.EqualTo("safe"));
        Assert.That(System.IO.File.ReadAllText($"{_root}{_disk.Path}/victim").Trim(), Is.EqualTo("x"));
    }

    [Test]
    public async Task Whiteouts_are_done_in_place_and_spare_what_their_layer_brings()
    {
        LayerItem[] lower = [Dir("etc"), File("etc/a", "1"), File("etc/b", "1"), Dir("etc/sub"), File("etc/sub/x"), Dir("gone"), File("gone/x"), Dir("opq", "700"), File("opq/old"), Dir("opq/sub"), File("opq/sub/old"), Dir("again"), File("again/old")];
        LayerItem[] upper = [File("etc/a", "2"), File("etc/.wh.a"), File("etc/.wh.b"), File(".wh.gone"), File("opq/new"), File("opq/sub/new"), File("opq/.wh..wh..opq"), Dir("again"), File("again/new"), File(".wh.again"), File(".wh.none")];
        await UnpackAsync(lower);
        await UnpackAsync(upper);
        Tree tree = await _disk.ReadAsync(_root);
        if (IsRoot) Assert.That(Disk.Describe(tree), Is.EqualTo(Disk.Describe(Tree.Of(lower).Apply(upper))));
        Assert.That(Lines(tree), Is.EqualTo(Lines(Tree.Of(lower).Apply(upper))));
        Assert.That(System.IO.File.ReadAllText($"{_root}/etc/a"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Directories_keep_their_times_when_a_layer_changes_what_is_in_them()
    {
        await UnpackAsync(Dir("d"), File("d/x"));
        await UnpackAsync(File("d/y"), File("d/.wh.x"));
        Assert.That(Directory.GetLastWriteTimeUtc($"{_root}/d"), Is.EqualTo(DateTime.UnixEpoch.AddSeconds(1000)));
    }

    [Test]
    public async Task A_layer_cannot_speak_to_overlayfs()
    {
        if (!IsRoot) Assert.Ignore("needs root");
        await UnpackAsync(Dir("d"), File("d/f", xattrs: [Xattr("trusted.overlay.redirect", "/etc"), Xattr("user.fine", "1"), Xattr("user.overlay.opaque", "y")]));
        Assert.That(_disk.Open(_root).GetXattrs("d/f").Select(x => x.Name), Is.EqualTo(new[] { "user.fine" }));
    }

    [TestCase(WhiteoutStyle.Trusted, "", TestName = "overlayfs as root shows the tree")]
    [TestCase(WhiteoutStyle.User, ",userxattr", TestName = "overlayfs with userxattr shows the tree")]
    public async Task Overlay_shows_the_tree(WhiteoutStyle style, string option)
    {
        if (!IsRoot) Assert.Ignore("needs root");
        LayerItem[] lower = [Dir("tmp", "1777"), File("tmp/keep"), Dir("etc"), File("etc/a", "1"), File("etc/b"), Dir("opq", "700"), File("opq/old"), Dir("again"), File("again/old"), File("linked", "bytes", uid: 3), Link("was", "etc")];
        LayerItem[] upper = [File("tmp/new"), File("etc/.wh.a"), File("opq/new"), File("opq/.wh..wh..opq"), File(".wh.again"), Dir("again"), File("again/new"), Hard("link", "linked"), File("was/file"), File("etc/.wh.b"), File("etc/b", "2")];
        Tree below = Tree.Of(lower);
        string one = _disk.New("one");
        string two = _disk.New("two");
        await LayerUnpacker.UnpackAsync(await TarAsync(lower), one, new() { Whiteouts = style });
        await LayerUnpacker.UnpackAsync(await TarAsync(upper), two, new() { Whiteouts = style, Lower = below });
        string merged = _disk.New("merged");
        Disk.Sh($"unshare -m sh -ec 'mkdir m && mount -t overlay overlay -o lowerdir=two:one{option} m && cp -a m/. merged'; rmdir m", _disk.Path);
        Tree expected = await below.Apply(upper).WithHashesAsync(Disk.HashAsync, 1);
        Assert.That(Disk.Describe(await _disk.ReadAsync(merged), times: false), Is.EqualTo(Disk.Describe(expected, times: false).Select(line => line.Replace("links:2", "links:1"))));
    }

    [Test]
    public void A_plain_user_is_told_what_he_lacks_or_loses_it_knowingly()
    {
        _root = _disk.New("root");
        System.IO.File.SetUnixFileMode(_root, (UnixFileMode)Octal("777"));
        byte[] tar = TarAsync(Dir("d", "755", uid: 9), File("d/f", "x", "4755", uid: 9), Node("d/null", EntryKind.CharacterDevice, 1, 3), File("g", uid: 9)).Result.ToArray();
        AsNobody.Run(() =>
        {
            Assert.That(() => LayerUnpacker.UnpackAsync(new MemoryStream(tar), _root).GetAwaiter().GetResult(), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1222"));
            UnpackResult result = LayerUnpacker.UnpackAsync(new MemoryStream(tar), _root, new() { BestEffort = true }).GetAwaiter().GetResult();
            Assert.That(result.Skipped, Is.GreaterThanOrEqualTo(4));
            Assert.That(result.FirstSkipped, Is.EqualTo("d/f"));
            Assert.That(result.Entries, Is.EqualTo(4));
        });
        Assert.That(System.IO.File.GetUnixFileMode($"{_root}/d/f"), Is.EqualTo((UnixFileMode)Octal("4755")));
        Assert.That(System.IO.File.Exists($"{_root}/d/null"), Is.False);
    }

    [Test]
    public async Task A_full_disk_is_said_so()
    {
        if (!IsRoot) Assert.Ignore("needs root");
        _root = _disk.New("small");
        Disk.Sh($"mount -t tmpfs -o size=1m none '{_root}'");
        try
        {
            await Assert.ThatAsync(() => UnpackAsync(File("big", new string('x', 3_000_000))), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1221").And.Message.Contains("big"));
        }
        finally
        {
            Disk.Sh($"umount '{_root}'");
        }
    }

    [Test]
    public async Task A_sparse_file_stays_sparse()
    {
        Disk.Sh("mkdir s && truncate -s 64M s/f && printf end | dd of=s/f bs=1 seek=67108861 conv=notrunc 2>/dev/null && tar -C s -S -cf s.tar f", _disk.Path);
        _root = _disk.New("root");
        await using FileStream tar = System.IO.File.OpenRead(_disk.Path + "/s.tar");
        await LayerUnpacker.UnpackAsync(tar, _root, Lenient);
        Disk.Sh("cmp s/f root/f && [ $(du -k root/f | cut -f1) -lt 2000 ]", _disk.Path);
    }

    [Test]
    public async Task GNU_tar_unpacks_the_same()
    {
        if (!IsRoot) Assert.Ignore("needs root");
        Disk.Sh(Messy, _disk.New("src"));
        Disk.Sh("tar --xattrs --xattrs-include='*' -C src --sort=name -cf t.tar . && tar --xattrs --xattrs-include='*' -xpf t.tar -C theirs", _disk.New("theirs") + "/..");
        _root = _disk.New("root");
        await using FileStream tar = System.IO.File.OpenRead(_disk.Path + "/t.tar");
        await LayerUnpacker.UnpackAsync(tar, _root);
        string[] theirs = Disk.Describe(await _disk.ReadAsync(_disk.Path + "/theirs"));
        Assert.That(Disk.Describe(await _disk.ReadAsync(_root)).Select(NoFraction), Is.EqualTo(theirs.Select(NoFraction)));
        Assert.That(theirs, Has.Length.GreaterThan(15));
    }

    [Test]
    public async Task Umoci_unpacks_the_same_layers_to_the_same_tree()
    {
        if (!IsRoot || !System.IO.File.Exists("/usr/bin/umoci")) Assert.Ignore("needs root and umoci");
        LayerItem[] lower = [Dir("etc"), File("etc/a", "1"), File("etc/b", "1", "4755", uid: 33), Link("lib", "usr/lib"), Dir("usr"), Dir("usr/lib"), File("usr/lib/x"), Dir("opq"), File("opq/old"), Node("null", EntryKind.CharacterDevice, 1, 3), Dir("tmp", "1777")];
        LayerItem[] upper = [Dir("etc"), File("etc/.wh.a"), Hard("etc/c", "etc/b"), Dir("opq"), File("opq/.wh..wh..opq"), File("opq/new", "n"), File("tmp/x"), File(".wh.null"), Dir("usr", "700"), Dir("usr/lib", "755", uid: 4), File("usr/lib/x", "two")];
        await System.IO.File.WriteAllBytesAsync(_disk.Path + "/1.tar", (await TarAsync(lower)).ToArray());
        await System.IO.File.WriteAllBytesAsync(_disk.Path + "/2.tar", (await TarAsync(upper)).ToArray());
        Disk.Sh("umoci init --layout l && umoci new --image l:t && umoci raw add-layer --image l:t 1.tar && umoci raw add-layer --image l:t 2.tar && umoci raw unpack --image l:t theirs", _disk.Path);
        await UnpackAsync(lower);
        await UnpackAsync(upper);
        string[] theirs = Disk.Describe(await _disk.ReadAsync(_disk.Path + "/theirs"));
        string[] ours = Disk.Describe(await _disk.ReadAsync(_root));
        Assert.That(ours, Is.EqualTo(theirs));
        Assert.That(ours, Is.EqualTo(Disk.Describe(await Tree.Of(lower).Apply(upper).WithHashesAsync(Disk.HashAsync, 1))));
    }

    [Test]
    public async Task The_portable_twin_unpacks_files_links_and_whiteouts()
    {
        _root = _disk.New("root");
        using DirectoryRoot root = DirectoryRoot.OpenPortable(_root);
        UnpackOptions options = new() { BestEffort = true };
        LayerItem[] lower = [Dir("d", "700"), File("d/f", "text", "600"), Link("l", "/d"), File("l/via"), Hard("h", "d/f"), Dir("opq"), File("opq/old")];
        LayerItem[] upper = [File("d/.wh.f"), File("opq/.wh..wh..opq"), File("opq/new")];
        await LayerUnpacker.UnpackAsync(await TarAsync(lower), root, options);
        UnpackResult result = await LayerUnpacker.UnpackAsync(await TarAsync(upper), root, options);
        Assert.That(result.Skipped, Is.GreaterThan(0), "owners");
        Assert.That(Lines(await _disk.ReadAsync(_root)), Is.EqualTo(new[] { "d d", "f d/via", "f h", "l l -> /d", "d opq", "f opq/new" }));
        Assert.That(System.IO.File.ReadAllText($"{_root}/h"), Is.EqualTo("text"));
        Assert.That(System.IO.File.GetLastWriteTimeUtc($"{_root}/h"), Is.EqualTo(DateTime.UnixEpoch.AddSeconds(1000)));
    }

    [Test]
    public async Task Seven_thousand_files_unpack_in_two_seconds_of_a_processor_shared_with_others()
    {
        byte[] content = new byte[17_000];
        new Random(1).NextBytes(content);
        LayerItem[] items = [.. Enumerable.Range(0, 7000).Select(i => new LayerItem(new TocEntry { Path = $"usr/share/d{i / 40}/file-{i}", Kind = EntryKind.File, Mode = 420, Size = content.Length }, new MemoryOrigin(content)))];
        MemoryStream tar = await TarAsync(items);
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            tar.Position = 0;
            string root = _disk.New("root" + i);
            TimeSpan start = Environment.CpuUsage.TotalTime; // the processor's time: other programs do not count
            await LayerUnpacker.UnpackAsync(tar, root, Lenient);
            TimeSpan time = Environment.CpuUsage.TotalTime - start;
            best = time < best ? time : best;
        }
        TestContext.Out.WriteLine($"7,000 files, {tar.Length / 1e6:F0} MB in {best.TotalMilliseconds:F0} ms of the processor");
        Assert.That(best, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    private const string Messy = """
        mkdir -p a/b/c "sp ace" deep; echo 1 > a/f; ln a/f a/b/hard; ln -s ../f a/b/sym; ln -s /abs dangling; mkfifo pipe; mknod null c 1 3; mknod sda b 8 0
        chmod 4755 a/f; chmod 1777 deep; chown 12:34 a/b; chown -h 5:6 dangling; touch -d @123456789 a/b a/f; chmod 0 a/b/c; : > empty
        p=deep; for i in 1 2 3 4 5 6 7 8; do p=$p/long-directory-name-number-$i-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done; mkdir -p $p; echo deep > $p/f
        head -c 3000000 /dev/urandom > big; echo x > "sp ace/$(printf 'n\303\244me')"; cp /bin/true cap; setcap cap_net_raw+ep cap 2>/dev/null || true
        """;

    private static string NoFraction(string line) => System.Text.RegularExpressions.Regex.Replace(line, @"(\d+)\.\d{9}", "$1");

    private async Task<UnpackResult> UnpackAsync(params LayerItem[] items)
    {
        if (_root.Length == 0) _root = _disk.New("root");
        return await LayerUnpacker.UnpackAsync(await TarAsync(items), _root, Lenient);
    }
}

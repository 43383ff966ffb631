using System.Text;
using static ImageKit.Oci.Tests.TarTests.TarSamples;

namespace ImageKit.Oci.Tests.TarTests;

public class TarReaderTests
{
    [Test]
    public async Task Names_come_raw_even_hostile_ones()
    {
        List<(TarEntry Entry, byte[] Content)> read = await ReadAsync(Tar(File("../../etc/passwd", "x"), File("/abs", "y"), File("a//./b", "")));
        Assert.That(read.Select(item => item.Entry.Name), Is.EqualTo(new[] { "../../etc/passwd", "/abs", "a//./b" }));
        Assert.That(read.Select(item => item.Content.Length), Is.EqualTo(new[] { 1, 1, 0 }));
    }

    [TestCase("./a", "a", TestName = "a leading dot goes")]
    [TestCase("/a", "a", TestName = "a leading slash goes")]
    [TestCase("a//b/./c/", "a/b/c", TestName = "empty and dot components go")]
    [TestCase("./", "", TestName = "dot is the root")]
    [TestCase("", "", TestName = "nothing is the root")]
    [TestCase("a..b/..c", "a..b/..c", TestName = "dots inside a name stay")]
    [TestCase("../a", null, TestName = "leading dots are refused")]
    [TestCase("a/../b", null, TestName = "dots in the middle are refused")]
    [TestCase("a/..", null, TestName = "dots at the end are refused")]
    [TestCase("a\0b", null, TestName = "a zero byte is refused")]
    public void Normalizes(string name, string? path)
    {
        if (path is not null) Assert.That(LayerPath.Normalize(name), Is.EqualTo(path));
        else Assert.That(() => LayerPath.Normalize(name), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1204"));
    }

    [TestCase(255, true, TestName = "255 bytes are a name")]
    [TestCase(256, false, TestName = "256 bytes are none")]
    public void Components_have_a_limit(int length, bool good) =>
        Assert.That(() => LayerPath.Normalize("a/" + new string('x', length)), good ? Throws.Nothing : Throws.TypeOf<ContentException>());

    [Test]
    public void A_root_that_is_no_directory_is_refused_where_a_table_of_contents_is_made()
    {
        Assert.That(() => new TarEntry { Name = "./", Kind = EntryKind.Symlink, LinkName = "/etc" }.ToTocEntry(), Throws.TypeOf<ContentException>());
        Assert.That(() => new TarEntry { Name = "a/.wh.", Kind = EntryKind.File }.ToTocEntry(), Throws.TypeOf<ContentException>());
        Assert.That(() => new TarEntry { Name = "a", Kind = EntryKind.Hardlink, LinkName = "../b" }.ToTocEntry(), Throws.TypeOf<ContentException>());
        Assert.That(new TarEntry { Name = "a", Kind = EntryKind.Symlink, LinkName = "../../b" }.ToTocEntry().LinkTarget, Is.EqualTo("../../b"));
        Assert.That(new TarEntry { Name = "a", Kind = EntryKind.Hardlink, LinkName = "./b//c" }.ToTocEntry().LinkTarget, Is.EqualTo("b/c"));
    }

    [Test]
    public async Task A_name_that_is_not_UTF8_survives_the_way_back()
    {
        byte[] name = [(byte)'a', 0xFF, 0xC3, 0xA9, 0x80];
        TarEntry entry = await ReadOneAsync(Header("", '0', "0", (0, name)));
        Assert.That(entry.Name, Is.EqualTo("a\uDCFFé\uDC80"));
        byte[] again = await WriteAsync((entry.ToTocEntry(), null));
        Assert.That((await ReadAsync(again)).Single().Entry.Name, Is.EqualTo(entry.Name));
        Assert.That(TarText.Encode(entry.Name), Is.EqualTo(name));
    }

    [Test]
    public async Task Base_256_numbers_are_read()
    {
        TarEntry entry = await ReadOneAsync(Header("a", '0', "0", (108, Base256(3_000_000_000, 8)), (136, Base256(-5, 12))));
        Assert.That(entry.Uid, Is.EqualTo(3_000_000_000));
        Assert.That(entry.MtimeSeconds, Is.EqualTo(-5));
    }

    [TestCase("1350244992.023960108", 1350244992, 23960108, TestName = "a time with nanoseconds")]
    [TestCase("-1.25", -2, 750000000, TestName = "a negative time counts upwards from the second before")]
    [TestCase("-3", -3, 0, TestName = "a negative whole time")]
    [TestCase("5.1234567899", 5, 123456789, TestName = "digits below a nanosecond are cut")]
    public async Task Pax_times(string text, long seconds, int nanoseconds)
    {
        TarEntry entry = await ReadOneAsync(Pax('x', "mtime=" + text), File("a", ""));
        Assert.That((entry.MtimeSeconds, entry.MtimeNanoseconds), Is.EqualTo((seconds, nanoseconds)));
    }

    [Test]
    public async Task Pax_records_stand_before_headers_and_before_GNU_names()
    {
        TarEntry entry = await ReadOneAsync(Long('L', "gnu"), Pax('x', "path=päx", "uid=70000", "SCHILY.xattr.user.b=2", "LIBARCHIVE.xattr.user.a=MQ", "size=3"), [.. Header("old", '0', "00000000000"), .. new byte[512]]);
        Assert.That(entry.Name, Is.EqualTo("päx"));
        Assert.That((entry.Uid, entry.Size), Is.EqualTo((70000, 3)));
        Assert.That(entry.Xattrs.Select(xattr => xattr.Name + "=" + Encoding.UTF8.GetString(xattr.Value.AsSpan())), Is.EqualTo(new[] { "user.a=1", "user.b=2" }));
    }

    [Test]
    public async Task Global_records_hold_until_a_local_one_differs()
    {
        List<(TarEntry Entry, byte[] Content)> read = await ReadAsync(Tar(Pax('g', "mtime=7", "comment=of git"), File("a", ""), Pax('x', "mtime=8"), File("b", ""), File("c", "")));
        Assert.That(read.Select(item => item.Entry.MtimeSeconds), Is.EqualTo(new[] { 7, 8, 7 }));
    }

    [Test]
    public async Task Directories_of_old_tars_end_in_a_slash()
    {
        byte[] header = Header("d/", '\0', "0");
        header.AsSpan(257).Clear();
        Assert.That((await ReadOneAsync(TarSamples.Seal(header))).Kind, Is.EqualTo(EntryKind.Directory));
    }

    [Test]
    public async Task Sizes_of_what_has_no_content_are_ignored_as_by_Go()
    {
        List<(TarEntry Entry, byte[] Content)> read = await ReadAsync(Tar(Header("l", '1', Octal(512), (157, "a"u8.ToArray())), File("b", "x")));
        Assert.That(read.Select(item => item.Entry.Name), Is.EqualTo(new[] { "l", "b" }));
    }

    [Test]
    public async Task A_tar_may_end_without_empty_blocks() => Assert.That(await ReadAsync(File("a", "x")), Has.Count.EqualTo(1));

    [Test]
    public async Task Content_not_read_is_skipped()
    {
        await using var reader = new TarReader(new MemoryStream(Tar(File("a", new string('x', 700_000)), File("b", "y"))));
        await reader.ReadAsync();
        Assert.That((await reader.ReadAsync())!.Name, Is.EqualTo("b"));
        Assert.That(await new StreamReader(reader.Content).ReadToEndAsync(), Is.EqualTo("y"));
        Assert.That(await reader.ReadAsync(), Is.Null);
    }

    private static readonly TestCaseData[] Broken =
    [
        Case("text is no tar", "IK1201", [.. Encoding.ASCII.GetBytes(new string('x', 600))]),
        Case("a wrong checksum", "IK1201", Wrong(File("a", "x"), 0)),
        Case("less than a block", "IK1202", new byte[100]),
        Case("a header cut off", "IK1202", File("a", "x")[..300]),
        Case("content cut off", "IK1202", File("a", new string('x', 5000))[..2000]),
        Case("a PAX header without an entry", "IK1202", Tar(Pax('x', "path=a"))),
        Case("a PAX header cut off", "IK1202", Pax('x', "path=a")[..520]),
        Case("a lone empty block", "IK1201", [.. File("a", ""), .. new byte[512], .. File("b", "")]),
        Case("a negative size", "IK1201", Tar(Header("a", '0', "0", (124, Base256(-1, 12))))),
        Case("a size of 2^95", "IK1201", Tar(Header("a", '0', "0", (124, [0x80 | 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])))),
        Case("a size near 2^63", "IK1202", Tar(Header("a", '0', "0", (124, Base256(long.MaxValue, 12))))),
        Case("a PAX size near 2^63", "IK1202", Tar(Pax('x', $"size={long.MaxValue}"), File("a", ""))),
        Case("a negative PAX size", "IK1201", Tar(Pax('x', "size=-1"), File("a", ""))),
        Case("a PAX size that is no number", "IK1201", Tar(Pax('x', "size=1e3"), File("a", ""))),
        Case("a huge PAX header", "IK1203", Tar(Header("p", 'x', Octal(1 << 21)))),
        Case("a huge long name", "IK1203", Tar(Header("p", 'L', Octal((1 << 20) + 1)))),
        Case("a PAX record with a wrong length", "IK1201", Tar([.. Header("p", 'x', Octal(10)), .. "99 path=a\n"u8, .. new byte[502], .. File("a", "")])),
        Case("a PAX record without a name", "IK1201", Tar(Pax('x', "=a"), File("a", ""))),
        Case("a negative owner", "IK1201", Tar(Header("a", '0', "0", (108, Base256(-1, 8))))),
        Case("digits that are not octal", "IK1201", Tar(Header("a", '0', "00000000009"))),
        Case("an unknown type", "IK1206", Tar(Header("a", 'Z'))),
        Case("sparse parts that overlap", "IK1201", Tar(Pax('x', "GNU.sparse.map=0,5,3,5", "GNU.sparse.size=100", "GNU.sparse.name=s"), File("a", "0123456789"))),
        Case("sparse parts outside of the file", "IK1201", Tar(Pax('x', "GNU.sparse.map=95,10", "GNU.sparse.size=100"), File("a", "0123456789"))),
        Case("sparse parts that do not fit what is stored", "IK1201", Tar(Pax('x', "GNU.sparse.map=0,5", "GNU.sparse.size=100"), File("a", "0123456789"))),
        Case("an endless sparse file", "IK1203", Tar(Pax('x', "GNU.sparse.map=0,1", $"GNU.sparse.size={long.MaxValue}"), File("a", "0"))),
        Case("a sparse map longer than the entry", "IK1201", Tar(Pax('x', "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=100"), File("a", "9\n0\n"))),
        Case("a sparse map of too many parts", "IK1203", Tar(Pax('x', "GNU.sparse.major=1", "GNU.sparse.realsize=100"), File("a", "99999999\n" + new string('0', 600)))),
    ];

    [TestCaseSource(nameof(Broken))]
    public void Broken_input_is_an_error(string code, byte[] tar) =>
        Assert.That(() => ReadAsync(tar), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo(code));

    [Test]
    public void Global_headers_cannot_pile_up_without_end()
    {
        byte[][] headers = [.. Enumerable.Range(0, 20).Select(i => Pax('g', $"k{i}=" + new string('x', 100_000)))];
        Assert.That(() => ReadAsync(Tar(headers)), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1203"));
    }

    [Test]
    public void Any_broken_byte_ends_in_an_error_of_ours_or_in_entries()
    {
        byte[] good = Tar(Pax('x', "path=long", "mtime=1.5"), File("a", "content"), Long('L', "x/y"), File("b", "more"), Pax('x', "GNU.sparse.map=0,5,10,5", "GNU.sparse.size=100"), File("s", "0123456789"));
        var random = new Random(7);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bad = [.. good];
            for (int hits = random.Next(1, 4); hits > 0; hits--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bad = bad[..random.Next(bad.Length)];
            if (random.Next(2) == 0) for (int block = 0; block + 512 <= bad.Length; block += 512) if (bad[block + 257] == 'u') SealAt(bad, block);
            Assert.That(async () =>
            {
                try
                {
                    await ReadAsync(bad);
                }
                catch (ContentException)
                {
                }
            }, Throws.Nothing);
        }
    }

    private static void SealAt(byte[] tar, int at)
    {
        byte[] block = TarSamples.Seal(tar[at..(at + 512)]);
        block.CopyTo(tar, at);
    }

    private static byte[] Wrong(byte[] tar, int at)
    {
        tar[at] ^= 1;
        return tar;
    }

    private static TestCaseData Case(string name, string code, byte[] tar) => new TestCaseData(code, tar).SetName(name);
}

using System.Collections.Immutable;

namespace ImageKit.Oci.Tests.LayerTests;

public class TableOfContentsTests
{
    private static readonly ImmutableArray<TocEntry> Entries =
    [
        new() { Path = "", Kind = EntryKind.Directory, Mode = 0x1ED },
        new() { Path = "a/😀x", Kind = EntryKind.File, Size = long.MaxValue, Offset = 1L << 60, ContentHash = Hash256.Of([1]), MtimeSeconds = long.MinValue, MtimeNanoseconds = 999_999_999 },
        new() { Path = "a/😁x", Kind = EntryKind.File, Size = 10, Sparse = [new(0, 1), new(5, 2)], Uid = uint.MaxValue, Gid = 7 },
        new() { Path = "a/\uDCFFx", Kind = EntryKind.Symlink, LinkTarget = "../😀\uDC80", Xattrs = [new("user.a", [0, 255]), new("user.b", [])] },
        new() { Path = "b", Kind = EntryKind.Hardlink, LinkTarget = "a/😀x" },
        new() { Path = "c", Kind = EntryKind.CharacterDevice, DeviceMajor = 5, DeviceMinor = uint.MaxValue },
        new() { Path = "d", Kind = EntryKind.Fifo, Mode = 0xFFF },
    ];

    private static readonly TableOfContents Toc = new(Digest.Of([7]), 12345, Entries);

    [Test]
    public async Task What_is_written_is_read()
    {
        var file = new MemoryStream();
        await Toc.WriteAsync(file);
        file.Position = 0;
        TableOfContents read = (await TableOfContents.ReadAsync(file))!;
        Assert.That((read.DiffId, read.TarSize), Is.EqualTo((Toc.DiffId, Toc.TarSize)));
        Assert.That(read.Entries, Is.EqualTo(Entries));
    }

    [Test]
    public void A_file_cut_off_anywhere_or_changed_is_seen()
    {
        byte[] good = TocFormat.Write(Toc);
        for (int length = 0; length < good.Length; length++) Assert.That(TocFormat.Read(good.AsSpan(0, length)), Is.Null);
        for (int i = 0; i < good.Length; i++)
        {
            good[i] ^= 1;
            Assert.That(TocFormat.Read(good), Is.Null, $"byte {i}");
            good[i] ^= 1;
        }
        Assert.That(TocFormat.Read(good), Is.Not.Null);
    }

    [Test]
    public void A_hundred_thousand_entries_load_fast()
    {
        ImmutableArray<TocEntry> many = [.. Enumerable.Range(0, 100_000).Select(i => new TocEntry
        {
            Path = $"usr/share/doc/package-{i / 20:D6}/file-{i % 20}.txt", Kind = EntryKind.File, Size = i, Offset = i * 1024L, MtimeSeconds = 1_700_000_000 + i, ContentHash = Hash256.Of(BitConverter.GetBytes(i)),
        })];
        byte[] file = TocFormat.Write(new(Digest.Of([1]), 1, many));
        Assert.That(file.Length, Is.LessThan(100_000 * 75));
        TocFormat.Read(file);
        TimeSpan fastest = Enumerable.Range(0, 5).Min(_ =>
        {
            TimeSpan start = Environment.CpuUsage.TotalTime; // others may use the machine too
            TocFormat.Read(file);
            return Environment.CpuUsage.TotalTime - start;
        });
        TestContext.Out.WriteLine($"{file.Length} bytes, {fastest.TotalMilliseconds:F0} ms");
        Assert.That(fastest, Is.LessThan(TimeSpan.FromMilliseconds(250)), "100 on a machine of its own");
    }

    [Test]
    public void Entries_are_equal_if_all_is()
    {
        TocEntry entry = Entries[3], same = entry with { Xattrs = [new("user.a", [0, 255]), new("user.b", [])] };
        Assert.That(same, Is.EqualTo(entry));
        Assert.That(same.GetHashCode(), Is.EqualTo(entry.GetHashCode()));
        Assert.That(entry with { Xattrs = [new("user.a", [0, 254]), new("user.b", [])] }, Is.Not.EqualTo(entry));
    }

    [Test]
    public void A_hash_is_its_digest()
    {
        Assert.That(Hash256.Of("abc"u8).ToDigest(), Is.EqualTo(Digest.Of("abc"u8)));
        Assert.That($"{Hash256.Of("abc"u8)}", Is.EqualTo(Digest.Of("abc"u8).Encoded));
        Assert.That((default(Hash256).IsDefault, Hash256.Of([]).IsDefault), Is.EqualTo((true, false)));
    }
}

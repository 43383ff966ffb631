using System.Text;
using static ImageKit.Oci.Tests.TarTests.TarSamples;

namespace ImageKit.Oci.Tests.TarTests;

public class TarWriterTests
{
    private static TocEntry File(string path, long size = 0) => new() { Path = path, Kind = EntryKind.File, Mode = 0x1A4, Size = size };

    [Test]
    public async Task Plain_entries_need_one_block_and_two_end_the_tar() =>
        Assert.That(await WriteAsync((File("a", 1), [1]), (File("b"), null)), Has.Length.EqualTo(512 + 512 + 512 + 1024));

    [TestCase(100, false, TestName = "100 characters fit")]
    [TestCase(101, true, TestName = "101 without a slash do not")]
    public async Task Names(int length, bool pax) =>
        Assert.That((await WriteAsync((File(new string('n', length)), null))).Length > 2000, Is.EqualTo(pax));

    [TestCase(155, 100, false, TestName = "155 before and 100 behind the slash fit")]
    [TestCase(156, 99, true, TestName = "156 before the slash do not")]
    [TestCase(150, 101, true, TestName = "101 behind the slash do not")]
    [TestCase(1, 100, false, TestName = "one before the slash")]
    public async Task Split_names(int before, int behind, bool pax)
    {
        string path = new string('p', before) + "/" + new string('n', behind);
        byte[] tar = await WriteAsync((File(path), null));
        Assert.That(tar.Length > 2000, Is.EqualTo(pax));
        Assert.That((await ReadAsync(tar)).Single().Entry.Name, Is.EqualTo(path));
    }

    [Test]
    public async Task Every_field_survives()
    {
        TocEntry[] entries =
        [
            new() { Path = "", Kind = EntryKind.Directory, Mode = 0x1ED, Uid = 1, Gid = 2, MtimeSeconds = 1_700_000_000 },
            File("big") with { Uid = uint.MaxValue, Gid = 2_097_152, MtimeSeconds = -1, MtimeNanoseconds = 500_000_000, Xattrs = [new("security.capability", [1, 0, 255, 10]), new("user.x", [])] },
            new() { Path = "dé/ü", Kind = EntryKind.Symlink, Mode = 0x1FF, LinkTarget = "../../" + new string('t', 200) },
            new() { Path = "hard", Kind = EntryKind.Hardlink, LinkTarget = "big" },
            new() { Path = "null", Kind = EntryKind.CharacterDevice, DeviceMajor = 1, DeviceMinor = 1_048_575 },
            new() { Path = "sda", Kind = EntryKind.BlockDevice, DeviceMajor = 4095, DeviceMinor = 0 },
            new() { Path = "pipe", Kind = EntryKind.Fifo, Mode = 0xFFF, MtimeSeconds = 1L << 40 },
        ];
        byte[] tar = await WriteAsync([.. entries.Select(entry => (entry, (byte[]?)null))]);
        TocEntry[] read = [.. (await ReadAsync(tar)).Select(item => item.Entry.ToTocEntry() with { Offset = 0 })];
        Assert.That(read, Is.EqualTo(entries));
    }

    [Test]
    public async Task Nothing_of_the_machine_is_in_it()
    {
        byte[] tar = await WriteAsync((File("ü") with { MtimeNanoseconds = 1 }, null));
        Assert.That(Encoding.Latin1.GetString(tar), Does.Contain("PaxHeaders/entry").And.Not.Contain(Environment.UserName).And.Not.Contain($"{Environment.ProcessId}"));
        Assert.That(await WriteAsync((File("ü") with { MtimeNanoseconds = 1 }, null)), Is.EqualTo(tar));
    }

    [TestCase(4, TestName = "content shorter than the entry says")]
    [TestCase(6, TestName = "content longer than the entry says")]
    public void Content_of_another_size_is_an_error(int length) =>
        Assert.That(() => WriteAsync((File("a", 5), new byte[length])), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1205"));

    [Test]
    public async Task A_size_over_8_GiB_is_a_PAX_record()
    {
        var output = new MemoryStream();
        await using var writer = new TarWriter(output, leaveOpen: true);
        Assert.That(() => writer.WriteAsync(File("a", 1L << 33), new MemoryStream()).AsTask(), Throws.TypeOf<ContentException>());
        output.Position = 0;
        await using var reader = new TarReader(output);
        Assert.That((await reader.ReadAsync())!.Size, Is.EqualTo(1L << 33));
    }
}

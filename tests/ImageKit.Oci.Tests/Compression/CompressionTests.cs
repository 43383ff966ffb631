using System.IO.Compression;
using System.Text;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.CompressionTests;

[Platform("Linux")]
public class CompressionTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void DropFolder() => _folder.Dispose();

    [Test]
    public async Task Gzip_and_the_BCL_read_what_we_write([Values(0, 1, 1 << 20, (1 << 20) + 1, 5_000_000)] int size)
    {
        Programs.Require("gzip");
        byte[] content = Text(size);
        byte[] packed = await PackAsync(content);
        await File.WriteAllBytesAsync(_folder["a.gz"], packed);
        await Programs.RunAsync("gzip", "-t", _folder["a.gz"]);
        using var bcl = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        Assert.That((await Samples.ReadAllAsync(bcl)).SequenceEqual(content), Is.True);
        Assert.That((await UnpackAsync(packed)).SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task The_bytes_depend_neither_on_the_threads_nor_on_the_writes()
    {
        byte[] content = [.. Text(3_500_000), .. Samples.Bytes(2_200_000), .. Text(300_000)];
        byte[] one = await PackAsync(content, width: 1, step: 1_000_000), many = await PackAsync(content, width: 16, step: 7777);
        Assert.That(one.SequenceEqual(many), Is.True);
        Assert.That((await UnpackAsync(one)).SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task What_cannot_be_compressed_grows_by_less_than_a_thousandth()
    {
        byte[] packed = await PackAsync(Samples.Bytes(8 << 20));
        Assert.That(packed.Length, Is.LessThan((8 << 20) * 1.001));
    }

    [Test]
    public async Task Programs_are_at_most_5_percent_larger_than_by_gzip()
    {
        Programs.Require("gzip", "bash");
        byte[] content = [.. await File.ReadAllBytesAsync("/bin/bash"), .. await File.ReadAllBytesAsync(typeof(object).Assembly.Location)];
        await File.WriteAllBytesAsync(_folder["a"], content);
        await Programs.RunAsync("gzip", "-6", _folder["a"]);
        Assert.That((await PackAsync(content)).Length, Is.LessThan(new FileInfo(_folder["a.gz"]).Length * 1.05));
    }

    [Test]
    public async Task Memory_stays_flat()
    {
        await using (var warm = new ParallelGzipStream(Stream.Null)) await warm.WriteAsync(Text(8 << 20));
        byte[] piece = Text(1 << 20);
        long before = GC.GetTotalAllocatedBytes();
        await using (var gzip = new ParallelGzipStream(Stream.Null))
            for (int i = 0; i < 64; i++) await gzip.WriteAsync(piece);
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64 << 20), "less is allocated than goes through");
    }

    [Test]
    public void A_full_disk_stops_the_writer() => Assert.That(async () =>
    {
        var gzip = new ParallelGzipStream(new FullDisk());
        for (int i = 0; i < 100; i++) await gzip.WriteAsync(new byte[1 << 20]);
    }, Throws.TypeOf<IOException>());

    [Test]
    public async Task Zstd_reads_what_we_write([Values(0, 1, 3_000_000)] int size)
    {
        Programs.Require("zstd");
        byte[] content = Text(size);
        var output = new MemoryStream();
        await using (var pipeline = new BlockPipeline(new(null, output, ZstdCodec.Instance, Hash: false)))
        {
            for (int at = 0; at < content.Length; at += BlockCodec.BlockBytes)
            {
                BlockPipeline.Block block = await pipeline.RentAsync(default);
                block.Length = Math.Min(BlockCodec.BlockBytes, content.Length - at);
                content.AsSpan(at, block.Length).CopyTo(block.Bytes);
                pipeline.Post(block);
            }
            await pipeline.CompleteAsync(default);
        }
        await File.WriteAllBytesAsync(_folder["a.zst"], output.ToArray());
        await Programs.RunAsync("zstd", "-q", "-d", _folder["a.zst"]);
        Assert.That((await File.ReadAllBytesAsync(_folder["a"])).SequenceEqual(content), Is.True);
        Assert.That((await UnpackAsync(output.ToArray())).SequenceEqual(content), Is.True);
    }

    [TestCase("gzip", CompressionFormat.Gzip)]
    [TestCase("zstd", CompressionFormat.Zstd)]
    [TestCase("xz", CompressionFormat.Xz)]
    [TestCase("bzip2", CompressionFormat.Bzip2)]
    public async Task Other_programs_files_are_read(string program, CompressionFormat format)
    {
        Programs.Require(program);
        byte[] content = Text(600_000);
        await File.WriteAllBytesAsync(_folder["a"], content);
        await Programs.RunAsync(program, "-k", _folder["a"]);
        byte[] packed = await File.ReadAllBytesAsync(Directory.GetFiles(_folder.Path).Single(path => path != _folder["a"]));
        Assert.That(Compression.Detect(packed), Is.EqualTo(format));
        Assert.That((await UnpackAsync(packed)).SequenceEqual(content), Is.True);
        Assert.That(() => UnpackAsync(packed[..(packed.Length / 2)]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1208"), "half of it");
        Assert.That(() => UnpackAsync(packed[..^1]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1208"), "all but the last byte");
        packed[packed.Length / 2] ^= 0x55;
        packed[packed.Length / 2 + 1] ^= 0x55;
        Assert.That(() => UnpackAsync(packed), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1208"), "broken bits");
    }

    [Test]
    public async Task What_is_not_compressed_is_handed_out_as_it_is([Values(0, 3, 100)] int size) =>
        Assert.That(await UnpackAsync(Text(size)), Is.EqualTo(Text(size)));

    [Test]
    public async Task Gzip_of_many_members_is_read_whole()
    {
        byte[] packed = [.. Member("one "), .. Member(""), .. Member(""), .. Member(new string('x', 100_000)), .. Member("end")];
        Assert.That(Encoding.ASCII.GetString(await UnpackAsync(packed)), Is.EqualTo("one " + new string('x', 100_000) + "end"));
        Assert.That(Encoding.ASCII.GetString(await UnpackAsync([.. packed, .. new byte[10_000]])), Does.EndWith("xend"), "with a tape's filler");
    }

    [Test]
    public void What_follows_gzip_is_an_error() =>
        Assert.That(() => UnpackAsync([.. Member("one"), .. "garbage"u8]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1208"));

    [Test]
    public void Gzip_cut_off_anywhere_is_an_error()
    {
        byte[] packed = Member(Encoding.ASCII.GetString(Text(1000)));
        for (int length = 6; length < packed.Length; length++)
            Assert.That(() => UnpackAsync(packed[..length]), Throws.TypeOf<ContentException>(), $"{length} of {packed.Length} bytes");
    }

    [Test]
    public async Task A_gzip_header_with_all_fields_is_skipped()
    {
        byte[] plain = Member("content");
        byte[] packed = [0x1F, 0x8B, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3, 5, 0, 1, 2, 3, 4, 5, .. "name\0comment\0"u8, 7, 7, .. plain[10..]];
        Assert.That(Encoding.ASCII.GetString(await UnpackAsync(packed)), Is.EqualTo("content"));
    }

    private static byte[] Member(string text)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Encoding.ASCII.GetBytes(text));
        return output.Length > 0 ? output.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static byte[] Text(int size)
    {
        var random = new Random(3);
        var text = new byte[size];
        for (int i = 0; i < size; i++) text[i] = (byte)"etaoin shrdlu\n"[random.Next(14)];
        return text;
    }

    private static async Task<byte[]> PackAsync(byte[] content, int? width = null, int step = 100_000)
    {
        var output = new MemoryStream();
        await using (var gzip = new ParallelGzipStream(output, leaveOpen: true, width))
            for (int at = 0; at < content.Length; at += step) await gzip.WriteAsync(content.AsMemory(at, Math.Min(step, content.Length - at)));
        return output.ToArray();
    }

    private static async Task<byte[]> UnpackAsync(byte[] packed) => await Samples.ReadAllAsync((await Compression.OpenAsync(new MemoryStream(packed))).Content);

    private sealed class FullDisk : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("No space left on device");
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using BclTarWriter = System.Formats.Tar.TarWriter;

namespace ImageKit.Oci.Tests;

/// <summary>Holes that other unpackers had, each under its advisory's id. None of them may touch anything outside of the root.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AdvisoryTests : IDisposable
{
    private Disk _disk = null!;
    private string _root = null!, _outside = null!, _secret = null!;

    [SetUp]
    public void Begin()
    {
        _disk = new Disk();
        (_root, _outside) = (_disk.New("root"), _disk.New("outside"));
        _secret = Path.Combine(_outside, "secret");
        System.IO.File.WriteAllText(_secret, "secret");
        System.IO.File.SetUnixFileMode(_secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [TearDown]
    public void Dispose()
    {
        if (_disk is null) return;
        _disk.Dispose();
        _disk = null!;
    }

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Row("CVE_2026_50163 a hard link to a path of the working directory", outside => [Hard("h", outside[1..] + "/secret"), File("h")]);
        yield return Row("CVE_2026_50163 a hard link by an absolute path", outside => [Hard("h", outside + "/secret"), File("h")]);
        yield return Row("CVE_2021_32760 a mode that goes through a link", outside => [Link("l", outside + "/secret"), Hard("l2", "l"), File("l2"), Link("d", outside), Dir("d/")]);
        yield return Row("CVE_2021_29136 the root itself is a link", outside => [Link(".", outside), File("secret")]);
        yield return Row("CVE_2021_29136 the root is a link by its slash", outside => [Link("/", outside), File("/secret")]);
        yield return Row("CVE_2025_47290 a directory that becomes a link while it is filled", outside => [Dir("d"), File("d/a"), Link("d", outside), File("d/secret"), Dir("d")]);
        yield return Row("CVE_2026_45491 a chain of links that leads out", outside => [Link("a", ".."), Link("a/b", ".."), Link("c", "a/b" + outside), File("c/secret")]);
        yield return Row("CVE_2026_28406 a name that climbs", outside => [File("../outside/secret")]);
        yield return Row("CVE_2019_14271 whiteouts through a link", outside => [Link("d", outside), File("d/.wh.secret"), File("d/.wh..wh..opq")]);
        yield return Row("A pipe through a link", outside => [Link("dev", outside), (TarEntryType.Fifo, "dev/pipe", ""), File("dev/secret")]);
    }

    [TestCaseSource(nameof(Layers))]
    public async Task Nothing_outside_of_the_root_changes(Func<string, (TarEntryType Type, string Name, string Target)[]> layer)
    {
        string before = State();
        using MemoryStream tar = new();
        await using (BclTarWriter writer = new(tar, leaveOpen: true))
        {
            foreach ((TarEntryType type, string name, string target) in layer(_outside))
            {
                PaxTarEntry entry = new(type, name) { Mode = (UnixFileMode)511 };
                if (target.Length > 0) entry.LinkName = target;
                if (type == TarEntryType.RegularFile) entry.DataStream = new MemoryStream("written"u8.ToArray());
                writer.WriteEntry(entry);
            }
        }
        tar.Position = 0;
        try
        {
            await LayerUnpacker.UnpackAsync(tar, _root, new UnpackOptions { BestEffort = true });
        }
        catch (ContentException)
        {
            // Refused is as good as harmless.
        }
        Assert.That(State(), Is.EqualTo(before));
    }

    [TestCase(true, 1000, null, null, "IK1209", TestName = "A few kilobytes of gzip that stand for 100 MB are refused by their ratio")]
    [TestCase(true, 2000, null, null, null, TestName = "But not where more is allowed")]
    [TestCase(true, null, null, null, null, TestName = "Or where nothing is limited")]
    [TestCase(false, 10, null, null, null, TestName = "What is not compressed has no ratio")]
    [TestCase(true, null, 50_000_000L, null, "IK1209", TestName = "A layer with more bytes than allowed is refused")]
    [TestCase(false, null, 50_000_000L, null, "IK1209", TestName = "Compressed or not")]
    [TestCase(true, null, 200_000_000L, null, null, TestName = "One with fewer is not")]
    [TestCase(true, null, null, 1, "IK1209", TestName = "A layer with more entries than allowed is refused")]
    [TestCase(true, null, null, 2, null, TestName = "One with as many is not")]
    public async Task Bombs(bool compressed, int? ratio, long? bytes, int? entries, string? code)
    {
        using MemoryStream blob = new();
        await using (Stream packed = compressed ? new GZipStream(blob, CompressionLevel.SmallestSize, leaveOpen: true) : Stream.Null)
        {
            await using BclTarWriter writer = new(compressed ? packed : blob, leaveOpen: true);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[100_000_000]) });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "d"));
        }
        blob.Position = 0;
        UnpackOptions options = new() { BestEffort = true, Limits = new() { Ratio = ratio, Bytes = bytes, Entries = entries } };
        Task<UnpackResult> unpack = LayerUnpacker.UnpackAsync(blob, _root, options);
        if (code is null) Assert.That((await unpack).Entries, Is.EqualTo(2));
        else Assert.That(async () => await unpack, Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo(code));
    }

    private string State() => string.Join('\n', new[] { _outside, _secret }.Select(path => $"{path} {System.IO.File.GetUnixFileMode(path)} {(System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : string.Join(',', Directory.GetFileSystemEntries(path)))}"));

    private static TestCaseData Row(string name, Func<string, (TarEntryType, string, string)[]> layer) => new TestCaseData(layer).SetName(name);

    private static (TarEntryType, string, string) Link(string name, string target) => (TarEntryType.SymbolicLink, name, target);

    private static (TarEntryType, string, string) Hard(string name, string target) => (TarEntryType.HardLink, name, target);

    private static (TarEntryType, string, string) File(string name) => (TarEntryType.RegularFile, name, "");

    private static (TarEntryType, string, string) Dir(string name) => (TarEntryType.Directory, name, "");
}

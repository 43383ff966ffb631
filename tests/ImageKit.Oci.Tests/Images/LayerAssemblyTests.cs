using System.Collections.Immutable;
using System.Diagnostics;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

public class LayerAssemblyTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public void Parents_come_first_and_all_is_sorted_as_a_walk_meets_it()
    {
        ImmutableArray<LayerItem> items = Assemble("/opt/app", l => l.AddFile("b/z", "1").AddFile("b-c", "2").AddFile("b/a", "3").AddSymlink("cur", "../x"));
        Assert.That(items.Select(item => item.Entry.Path), Is.EqualTo(new[] { "opt", "opt/app", "opt/app/b", "opt/app/b/a", "opt/app/b/z", "opt/app/b-c", "opt/app/cur" }));
        Assert.That(items.Select(item => item.Entry.MtimeSeconds), Is.All.EqualTo(7));
        Assert.That(items[^1].Entry.LinkTarget, Is.EqualTo("../x"));
    }

    [Test]
    public void Owner_and_mode_speak_of_what_was_added_last()
    {
        ImmutableArray<LayerItem> items = Assemble("/", l => l.AddFile("a", "1").Owner(5, 6).Mode(files: "0600").AddFile("b", "2").AddFolder("tmp").Mode(dirs: "1777"));
        TocEntry a = Find(items, "a"), b = Find(items, "b");
        Assert.That((a.Uid, a.Gid, a.Mode), Is.EqualTo((5u, 6u, Convert.ToInt32("600", 8))));
        Assert.That((b.Uid, b.Gid, b.Mode), Is.EqualTo((0u, 0u, Convert.ToInt32("644", 8))));
        Assert.That(Find(items, "tmp").Mode, Is.EqualTo(Convert.ToInt32("1777", 8)));
    }

    [TestCase("/tmp/x", "tmp", "1777")]
    [TestCase("/root/x", "root", "700")]
    [TestCase("/etc/x", "etc", "755")]
    public void Parents_that_every_base_has_keep_their_modes(string target, string parent, string mode) =>
        Assert.That(Find(Assemble(target, l => l.AddFile("f", "")), parent).Mode, Is.EqualTo(Convert.ToInt32(mode, 8)));

    [Test]
    public void A_directory_of_the_machine_comes_without_the_machines_owners_times_and_umask()
    {
        Directory.CreateDirectory(_folder["src/lib"]);
        File.WriteAllText(_folder["src/app"], "run");
        File.WriteAllText(_folder["src/lib/a.dll"], "dll");
        File.WriteAllText(_folder["src/lib/a.pdb"], "pdb");
        File.CreateSymbolicLink(_folder["src/link"], "lib/../app");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["src/app"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            File.SetUnixFileMode(_folder["src/lib/a.dll"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(_folder["src/lib"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        ImmutableArray<LayerItem> items = Assemble("/app", l => l.AddDirectory(_folder["src"]).Exclude("**/*.pdb").Owner(1654, 1655));
        Assert.That(items.Select(item => (item.Entry.Path, Convert.ToString(item.Entry.Mode, 8))), Is.EqualTo(new[]
        {
            ("app", "755"), ("app/app", "755"), ("app/lib", "755"), ("app/lib/a.dll", "644"), ("app/link", "777"),
        }));
        Assert.That(items.Select(item => (item.Entry.Uid, item.Entry.Gid, item.Entry.MtimeSeconds)), Is.All.EqualTo((1654u, 1655u, 7L)));
        Assert.That(Find(items, "app/link").LinkTarget, Is.EqualTo("lib/../app"));
    }

    [Test]
    public async Task Bytes_come_from_where_they_lie()
    {
        File.WriteAllText(_folder["f"], "of a file");
        ImmutableArray<LayerItem> items = Assemble("/", l => l.AddFile(_folder["f"]).AddFile("g", "of memory").AddFile("h", new FileInfo(_folder["f"])));
        foreach ((string path, string text) in new[] { ("f", "of a file"), ("g", "of memory"), ("h", "of a file") })
        {
            LayerItem item = items.Single(item => item.Entry.Path == path);
            byte[] bytes = await Samples.ReadAllAsync(await item.Origin!.OpenAsync(item.SourceEntry, CancellationToken.None));
            Assert.That((System.Text.Encoding.UTF8.GetString(bytes), item.Entry.Size), Is.EqualTo((text, (long)text.Length)));
        }
    }

    [Test]
    public void A_later_file_replaces_an_earlier_one_of_the_same_path() =>
        Assert.That(Assemble("/", l => l.AddFile("a", "1").AddFile("./a", "22")).Single().Entry.Size, Is.EqualTo(2));

    [Test]
    public void A_missing_file_is_an_error() => Assert.That(() => Assemble("/", l => l.AddFile(_folder["nothing"])),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1010").And.Message.Contains(_folder["nothing"]));

    [Test]
    public void A_missing_directory_is_an_error() => Assert.That(() => Assemble("/", l => l.AddDirectory(_folder["nothing"])),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1010"));

    [Test]
    public async Task A_pipe_is_no_content_of_an_image()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Linux and macOS only.");
        using (Process made = Process.Start("mkfifo", [_folder["pipe"]])) await made.WaitForExitAsync();
        Assert.That(() => Assemble("/", l => l.AddDirectory(_folder.Path)), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1010").And.Message.Contains("pipe"));
    }

    [Test]
    public void Nonsense_is_the_programmers_fault()
    {
        Assert.That(() => Assemble("app", l => l.AddFile("a", "")), Throws.ArgumentException);
        Assert.That(() => Assemble("/", l => l.AddFile("../a", "")), Throws.ArgumentException);
        Assert.That(() => Assemble("/", l => l.AddFile("a", "").Mode(files: "9")), Throws.ArgumentException);
        Assert.That(() => Assemble("/", l => l.Owner(1, 1)), Throws.InvalidOperationException);
        Assert.That(() => Assemble("/", l => l.AddFile("a", "").Exclude("b")), Throws.InvalidOperationException);
    }

    [TestCase("*.pdb", "a.pdb", true)]
    [TestCase("*.pdb", "b/a.pdb", false)]
    [TestCase("**/*.pdb", "a.pdb", true)]
    [TestCase("**/*.pdb", "b/c/a.pdb", true)]
    [TestCase("obj", "obj/x/y", true)]
    [TestCase("obj", "objects", false)]
    [TestCase("a/**/z", "a/z", true)]
    [TestCase("a/**/z", "a/b/c/z", true)]
    [TestCase("a/**/z", "b/z", false)]
    [TestCase("?.txt", "a.txt", true)]
    [TestCase("?.txt", "ab.txt", false)]
    [TestCase("*.PDB", "a.pdb", false)]
    public void Patterns_match(string pattern, string path, bool matches) => Assert.That(new PathPattern(pattern).Matches(path), Is.EqualTo(matches));

    private static ImmutableArray<LayerItem> Assemble(string target, Action<LayerEditor> contents) =>
        new LayerAssembly(epoch: 7).Assemble((FilesLayer)Image.Empty(Platform.LinuxAmd64).With(i => i.Layer(target, contents)).Edit!.Layers.Single(), CancellationToken.None);

    private static TocEntry Find(ImmutableArray<LayerItem> items, string path) => items.Single(item => item.Entry.Path == path).Entry;
}

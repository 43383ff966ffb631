namespace ImageKit.Posix.Tests;

/// <summary>What holds for every implementation of a directory root.</summary>
[TestFixture(RootKind.Native)]
[TestFixture(RootKind.Walking)]
[TestFixture(RootKind.Portable)]
public sealed class DirectoryRootContract(RootKind kind) : IDisposable
{
    private Roots _t = null!;

    [SetUp]
    public void Begin() => _t = new Roots(kind);

    [TearDown]
    public void Dispose() => _t?.Dispose();

    [Test]
    public void A_file_is_made_written_and_read()
    {
        _t.Write("a", "hello");
        Assert.That(_t.Read("a"), Is.EqualTo("hello"));
        Assert.That(_t.Root.Stat("a")!.Value, Has.Property(nameof(FileStatus.Kind)).EqualTo(FileKind.File).And.Property(nameof(FileStatus.Size)).EqualTo(5));
    }

    [Test]
    public void The_umask_does_not_count()
    {
        _t.Root.Create("f", Roots.Octal("4777")).Dispose();
        _t.Root.MakeDirectory("d", Roots.Octal("1777"));
        Assert.That(_t.Root.Stat("f")!.Value.Mode, Is.EqualTo(Roots.Octal("4777")));
        Assert.That(_t.Root.Stat("d")!.Value.Mode, Is.EqualTo(Roots.Octal("1777")));
    }

    [Test]
    public void What_is_missing_has_no_status()
    {
        _t.Write("file", "");
        Assert.That(_t.Root.Stat("none"), Is.Null);
        Assert.That(_t.Root.Stat("none/deeper"), Is.Null);
        Assert.That(_t.Root.Stat("file/below"), Is.Null);
    }

    [Test]
    public void The_empty_path_is_the_root()
    {
        _t.Write("a", "");
        Assert.That(_t.Root.Stat("")!.Value.Kind, Is.EqualTo(FileKind.Directory));
        Assert.That(_t.Root.List("").Select(e => e.Name), Is.EqualTo(new[] { "a" }));
    }

    [TestCase("/a", TestName = "an absolute path is refused")]
    [TestCase("..", TestName = "two dots are refused")]
    [TestCase("a/../b", TestName = "two dots in the middle are refused")]
    [TestCase("./a", TestName = "a dot is refused")]
    [TestCase("a//b", TestName = "an empty name is refused")]
    [TestCase("a/", TestName = "a slash at the end is refused")]
    [TestCase("a\0b", TestName = "a NUL is refused")]
    public void Refuses(string path)
    {
        Assert.That(() => _t.Root.Stat(path), Throws.ArgumentException);
        Assert.That(() => _t.Root.MakeDirectory(path, 0), Throws.ArgumentException);
        Assert.That(() => _t.Root.Remove(path), Throws.ArgumentException);
        Assert.That(() => _t.Root.MakeHardLink("x", path), Throws.ArgumentException);
        Assert.That(() => _t.Root.Rename("x", path), Throws.InstanceOf<ArgumentException>().Or.InstanceOf<PosixException>());
    }

    [Test]
    public void Making_what_exists_is_refused()
    {
        _t.Write("a", "old");
        _t.Root.MakeSymlink("l", "nowhere");
        foreach (string path in new[] { "a", "l" })
        {
            Assert.That(() => _t.Root.Create(path, 0), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EEXIST));
            Assert.That(() => _t.Root.MakeDirectory(path, 0), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EEXIST));
            Assert.That(() => _t.Root.MakeSymlink(path, "x"), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EEXIST));
            Assert.That(() => _t.Root.MakeHardLink(path, "a"), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EEXIST));
        }
        Assert.That(_t.Read("a"), Is.EqualTo("old"));
    }

    [Test]
    public void A_missing_directory_is_ENOENT_with_its_name_in_the_message()
    {
        Assert.That(() => _t.Root.Create("no/file", 0), Throws.InstanceOf<PosixException>()
            .With.Property("Errno").EqualTo(Errno.ENOENT).And.Message.Contains("'no"));
        Assert.That(() => _t.Root.List("no"), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.ENOENT));
        Assert.That(() => _t.Root.OpenRead("no"), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.ENOENT));
    }

    [Test]
    public void An_absolute_link_in_a_path_leads_into_the_root()
    {
        _t.Root.MakeDirectory("usr", Roots.Octal("755"));
        _t.Root.MakeSymlink("lib", "/usr");
        _t.Write("lib/x", "here");
        Assert.That(File.ReadAllText(_t.Path("usr/x")), Is.EqualTo("here"));
        Assert.That(_t.Root.Stat("lib")!.Value.Kind, Is.EqualTo(FileKind.Symlink));
        Assert.That(_t.Root.ReadLink("lib"), Is.EqualTo("/usr"));
    }

    [TestCase("../outside", TestName = "a relative link out of the root ends at the root")]
    [TestCase("/../../../outside", TestName = "an absolute link with dots ends at the root")]
    public void Links_cannot_leave(string target)
    {
        _t.Root.MakeSymlink("out", target);
        Assert.That(_t.Root.Stat("out/secret"), Is.Null);
        Assert.That(() => _t.Write("out/new", "x"), Throws.InstanceOf<PosixException>());
        _t.Root.MakeDirectory("outside", Roots.Octal("755"));
        _t.Write("out/new", "x");
        Assert.That(File.Exists(_t.Path("outside/new")), Is.True);
        Assert.That(Directory.GetFiles(_t.Outside), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_link_by_its_real_absolute_path_cannot_leave()
    {
        _t.Root.MakeSymlink("out", _t.Outside);
        Assert.That(_t.Root.Stat("out/secret"), Is.Null);
        Assert.That(() => _t.Root.OpenRead("out/secret"), Throws.InstanceOf<PosixException>());
        Assert.That(() => _t.Root.List("out"), Throws.InstanceOf<PosixException>());
    }

    [Test]
    public void A_circle_of_links_is_ELOOP()
    {
        _t.Root.MakeSymlink("a", "b");
        _t.Root.MakeSymlink("b", "a");
        Assert.That(() => _t.Root.Create("a/x", 0), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.ELOOP));
    }

    [Test]
    public void A_link_in_the_last_place_is_never_followed()
    {
        _t.Root.MakeSymlink("out", System.IO.Path.Combine(_t.Outside, "secret"));
        _t.Root.MakeSymlink("dir", _t.Outside);
        Assert.That(() => _t.Root.OpenRead("out"), Throws.InstanceOf<PosixException>());
        Assert.That(() => _t.Root.List("dir"), Throws.InstanceOf<PosixException>());
        _t.Root.SetMode("out", Roots.Octal("600"));
        _t.Root.SetTimes("out", 1000, 0);
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(System.IO.Path.Combine(_t.Outside, "secret")) & UnixFileMode.GroupRead, Is.Not.EqualTo(UnixFileMode.None));
        Assert.That(File.GetLastWriteTimeUtc(System.IO.Path.Combine(_t.Outside, "secret")).Year, Is.GreaterThan(2000));
        Assert.That(_t.Root.Stat("out")!.Value.MtimeSeconds, Is.EqualTo(1000));
        Assert.That(_t.Root.Remove("dir"), Is.True);
        Assert.That(File.Exists(System.IO.Path.Combine(_t.Outside, "secret")), Is.True);
    }

    [Test]
    public void Lists_everything_with_its_status()
    {
        _t.Write("f", "12");
        _t.Root.MakeDirectory("d", Roots.Octal("700"));
        _t.Root.MakeSymlink("l", "gone");
        _t.Write(".hidden", "");
        Dictionary<string, FileStatus> list = _t.Root.List("").ToDictionary(e => e.Name, e => e.Status);
        Assert.That(list.Keys, Is.EquivalentTo(new[] { "f", "d", "l", ".hidden" }));
        foreach ((string name, FileStatus status) in list) Assert.That(status, Is.EqualTo(_t.Root.Stat(name)), name);
        Assert.That(list["l"].Kind, Is.EqualTo(FileKind.Symlink));
        Assert.That(list["l"].Size, Is.EqualTo(4));
        Assert.That(list["d"].Mode, Is.EqualTo(Roots.Octal("700")));
    }

    [Test]
    public void Lists_more_names_than_one_read_gives()
    {
        string[] names = [.. Enumerable.Range(0, 3000).Select(i => $"a name of some length, {i:D8}")];
        foreach (string name in names) File.WriteAllBytes(_t.Path(name), []);
        Assert.That(_t.Root.List("").Select(e => e.Name), Is.EquivalentTo(names));
    }

    [Test]
    public void Names_are_any_Unicode()
    {
        string[] names = ["ä", "日本", "😀", "a b", "new\nline"];
        foreach (string name in names) _t.Write(name, name);
        Assert.That(_t.Root.List("").Select(e => e.Name), Is.EquivalentTo(names));
        foreach (string name in names) Assert.That(_t.Read(name), Is.EqualTo(name));
    }

    [Test]
    public void Times_are_set_to_the_nanosecond_or_what_the_platform_has()
    {
        _t.Write("f", "");
        _t.Root.MakeDirectory("d", Roots.Octal("755"));
        foreach (string path in new[] { "f", "d", "" })
        {
            _t.Root.SetTimes(path, 1_234_567_890, 123_456_700);
            FileStatus status = _t.Root.Stat(path)!.Value;
            Assert.That((status.MtimeSeconds, status.MtimeNanoseconds), Is.EqualTo((1_234_567_890L, 123_456_700)), path);
        }
        _t.Root.SetTimes("f", -10, 500_000_000);
        Assert.That(_t.Root.Stat("f")!.Value, Has.Property("MtimeSeconds").EqualTo(-10).And.Property("MtimeNanoseconds").EqualTo(500_000_000));
    }

    [Test]
    public void A_hard_link_has_the_same_bytes()
    {
        _t.Write("a", "text");
        _t.Root.MakeDirectory("d", Roots.Octal("755"));
        _t.Root.MakeHardLink("d/b", "a");
        Assert.That(_t.Read("d/b"), Is.EqualTo("text"));
        if (_t.Root.IsNative) Assert.That(_t.Root.Stat("d/b"), Is.EqualTo(_t.Root.Stat("a")));
    }

    [Test]
    public void A_hard_link_to_a_link_is_a_link()
    {
        _t.Root.MakeSymlink("l", System.IO.Path.Combine(_t.Outside, "secret"));
        _t.Root.MakeHardLink("m", "l");
        Assert.That(_t.Root.Stat("m")!.Value.Kind, Is.EqualTo(FileKind.Symlink));
    }

    [Test]
    public void Renames_over_what_was_there()
    {
        _t.Write("a", "new");
        _t.Write("b", "old");
        _t.Root.Rename("a", "b");
        Assert.That(_t.Read("b"), Is.EqualTo("new"));
        _t.Root.MakeDirectory("d", Roots.Octal("755"));
        _t.Write("d/x", "in");
        _t.Root.Rename("d", "e");
        Assert.That(_t.Read("e/x"), Is.EqualTo("in"));
        Assert.That(_t.Root.Stat("d/x"), Is.Null);
        _t.Root.MakeDirectory("full", Roots.Octal("755"));
        _t.Write("full/y", "");
        Assert.That(() => _t.Root.Rename("e", "full"), Throws.InstanceOf<PosixException>());
    }

    [Test]
    public void Removes_a_tree_and_follows_no_link()
    {
        _t.Root.MakeDirectory("d", Roots.Octal("755"));
        _t.Root.MakeDirectory("d/closed", Roots.Octal("755"));
        _t.Write("d/closed/f", "");
        _t.Root.MakeSymlink("d/closed/out", _t.Outside);
        _t.Root.SetMode("d/closed", 0);
        Assert.That(_t.Root.Remove("d"), Is.True);
        Assert.That(_t.Root.List(""), Is.Empty);
        Assert.That(Directory.GetFiles(_t.Outside), Has.Length.EqualTo(1));
        Assert.That(_t.Root.Remove("d"), Is.False);
    }

    [Test]
    public void A_directory_made_again_is_another_one()
    {
        _t.Root.MakeDirectory("d", Roots.Octal("755"));
        _t.Write("d/a", "1");
        _t.Root.Remove("d");
        _t.Root.MakeDirectory("d", Roots.Octal("755"));
        Assert.That(_t.Root.Stat("d/a"), Is.Null);
        _t.Write("d/a", "2");
        Assert.That(_t.Read("d/a"), Is.EqualTo("2"));
    }

    [Test]
    public void What_the_twin_cannot_do_it_says()
    {
        _t.Write("f", "");
        if (_t.Root.IsNative)
        {
            _t.Root.MakeNode("n", FileKind.Fifo, Roots.Octal("600"), 0, 0);
            Assert.That(_t.Root.Stat("n")!.Value.Kind, Is.EqualTo(FileKind.Fifo));
            return;
        }
        Assert.That(() => _t.Root.SetOwner("f", 1, 1), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EOPNOTSUPP));
        Assert.That(() => _t.Root.MakeNode("n", FileKind.Fifo, 0, 0, 0), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EOPNOTSUPP));
        Assert.That(() => _t.Root.SetXattr("f", "user.x", [1]), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EOPNOTSUPP));
        Assert.That(_t.Root.GetXattrs("f"), Is.Empty);
    }

    [Test]
    public void A_root_has_to_be_a_directory()
    {
        _t.Write("f", "");
        Func<string, DirectoryRoot> open = kind == RootKind.Portable ? DirectoryRoot.OpenPortable : DirectoryRoot.Open;
        Assert.That(() => open(_t.Path("f")), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.ENOTDIR));
        Assert.That(() => open(_t.Path("none")), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.ENOENT));
    }

    [Test]
    public void Many_threads_may_use_it()
    {
        for (int i = 0; i < 20; i++) _t.Root.MakeDirectory($"d{i}", Roots.Octal("755"));
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            string path = $"d{i % 20}/f{i}";
            _t.Write(path, path);
            Assert.That(_t.Read(path), Is.EqualTo(path));
        });
        Assert.That(Enumerable.Range(0, 20).Sum(i => _t.Root.List($"d{i}").Count), Is.EqualTo(2000));
    }
}

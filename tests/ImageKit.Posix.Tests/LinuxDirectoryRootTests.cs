using ImageKit.Tests.Users;
using System.Diagnostics;
using System.Text;

namespace ImageKit.Posix.Tests;

/// <summary>What only Linux has: owners, devices, extended attributes, names that are no text.</summary>
[Platform("Linux")]
public sealed class LinuxDirectoryRootTests : IDisposable
{
    private Roots _t = null!;

    [SetUp]
    public void Begin() => _t = new Roots(RootKind.Native);

    [TearDown]
    public void Dispose() => _t?.Dispose();

    [Test]
    public void A_hard_link_is_one_inode()
    {
        _t.Write("a", "");
        _t.Root.MakeHardLink("b", "a");
        Assert.That(_t.Root.Stat("a")!.Value.LinkCount, Is.EqualTo(2));
        Assert.That(_t.Root.Stat("a")!.Value.Inode, Is.EqualTo(_t.Root.Stat("b")!.Value.Inode));
    }

    [Test]
    public void Owners_of_links_are_their_own()
    {
        Needs.Root();
        _t.Write("f", "");
        _t.Root.MakeSymlink("l", "f");
        _t.Root.SetOwner("l", 1234, 4_000_000_000);
        Assert.That(_t.Root.Stat("l")!.Value, Has.Property("Uid").EqualTo(1234).And.Property("Gid").EqualTo(4_000_000_000));
        Assert.That(_t.Root.Stat("f")!.Value.Uid, Is.Zero);
    }

    [TestCase(1u, 3u, TestName = "a small device")]
    [TestCase(259u, 70_000u, TestName = "a device with a large minor number")]
    [TestCase(4095u, 1_048_575u, TestName = "the largest device of the kernel")]
    public void Devices_keep_their_numbers(uint major, uint minor)
    {
        Needs.Root();
        _t.Root.MakeNode("c", FileKind.CharacterDevice, Roots.Octal("622"), major, minor);
        _t.Root.MakeNode("b", FileKind.BlockDevice, Roots.Octal("660"), major, minor);
        Assert.That(_t.Root.Stat("c")!.Value, Has.Property("Kind").EqualTo(FileKind.CharacterDevice).And.Property("DeviceMajor").EqualTo(major)
            .And.Property("DeviceMinor").EqualTo(minor).And.Property("Mode").EqualTo(Roots.Octal("622")));
        Assert.That(_t.Root.Stat("b")!.Value.Kind, Is.EqualTo(FileKind.BlockDevice));
        Assert.That(Run("stat", "-c", "%t %T", _t.Path("b")), Is.EqualTo($"{major:x} {minor:x}"));
    }

    [Test]
    public void A_named_pipe_is_made_and_does_not_block_a_reader()
    {
        _t.Root.MakeNode("p", FileKind.Fifo, Roots.Octal("644"), 0, 0);
        Assert.That(_t.Root.Stat("p")!.Value.Kind, Is.EqualTo(FileKind.Fifo));
        _t.Root.OpenRead("p").Dispose();
    }

    [Test]
    public void Extended_attributes_are_written_and_read_back_sorted()
    {
        _t.Write("f", "");
        byte[] large = [.. Enumerable.Range(0, 2000).Select(i => (byte)i)];
        _t.Root.SetXattr("f", "user.z", large);
        _t.Root.SetXattr("f", "user.a", []);
        _t.Root.SetXattr("f", "user.m", [0, 1, 255]);
        Assert.That(_t.Root.GetXattrs("f").Select(x => x.Name), Is.EqualTo(new[] { "user.a", "user.m", "user.z" }));
        Assert.That(_t.Root.GetXattrs("f").Select(x => x.Value), Is.EqualTo(new[] { [], [0, 1, 255], large }));
        Assert.That(_t.Root.GetXattrs(""), Is.Empty);
    }

    [Test]
    public void Many_long_attribute_names_are_listed()
    {
        Needs.Root();
        _t.Write("f", "");
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"user.{new string('n', 200)}{i}")];
        foreach (string name in names) _t.Root.SetXattr("f", name, "v"u8);
        Assert.That(_t.Root.GetXattrs("f").Select(x => x.Name), Is.EqualTo(names));
    }

    [Test]
    public void Attributes_of_a_link_are_its_own()
    {
        Needs.Root();
        _t.Write("f", "");
        _t.Root.MakeSymlink("l", "f");
        _t.Root.SetXattr("l", "trusted.x", "1"u8);
        Assert.That(_t.Root.GetXattrs("f"), Is.Empty);
        Assert.That(_t.Root.GetXattrs("l"), Has.Count.EqualTo(1));
    }

    [Test]
    public void Names_that_are_no_text_survive()
    {
        byte[] raw = [(byte)'a', 0xFF, 0xC3, (byte)'b', 0xE2, 0x82];
        string name = NameText.ToText(raw);
        Assert.That(NameText.ToBytes(name), Is.EqualTo(raw));
        _t.Write(name, "x");
        Assert.That(_t.Root.List("").Single().Name, Is.EqualTo(name));
        Assert.That(Run("sh", "-c", $"ls '{_t.Inside}' | od -An -tx1").Replace(" ", ""), Is.EqualTo("61ffc362e2820a"));
    }

    [Test]
    public void Name_text_round_trips_every_pair_of_bytes()
    {
        for (int a = 1; a < 256; a++)
        {
            for (int b = 1; b < 256; b++)
            {
                byte[] raw = [(byte)a, (byte)b, (byte)'x', (byte)a];
                Assert.That(NameText.ToBytes(NameText.ToText(raw)), Is.EqualTo(raw));
            }
        }
        Assert.That(NameText.ToBytes("😀é"), Is.EqualTo(Encoding.UTF8.GetBytes("😀é")));
    }

    [Test, Category("Long")]
    public void A_tree_deeper_than_handles_allow_is_removed()
    {
        Run("sh", "-c", $"cd '{_t.Inside}' && mkdir top && cd top && i=0 && while [ $i -lt 1500 ]; do mkdir d && cd d || exit 1; i=$((i+1)); done; touch last");
        Assert.That(_t.Root.Remove("top"), Is.True);
        Assert.That(_t.Root.List(""), Is.Empty);
    }

    [Test]
    public void The_mode_is_set_without_fchmodat2_too()
    {
        _t.Write("f", "");
        _t.Root.MakeSymlink("l", "f");
        using Microsoft.Win32.SafeHandles.SafeFileHandle directory = Unix.Open(_t.Inside);
        Assert.That(FileModes.TryByHandle(directory, NameText.ToCall("f"), Roots.Octal("4711"), before: Errno.ENOSYS), Is.Zero);
        Assert.That(FileModes.TryByHandle(directory, NameText.ToCall("l"), Roots.Octal("600"), before: Errno.ENOSYS), Is.Zero);
        Assert.That(_t.Root.Stat("f")!.Value.Mode, Is.EqualTo(Roots.Octal("4711")));
    }

    [Test]
    public void A_user_without_rights_gets_EPERM()
    {
        _t.Root.SetMode("", Roots.Octal("777"));
        AsNobody.Run(() =>
        {
            _t.Write("mine", "x");
            Assert.That(() => _t.Root.SetOwner("mine", 0, 0), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EPERM));
            Assert.That(() => _t.Root.MakeNode("c", FileKind.CharacterDevice, 0, 1, 3), Throws.InstanceOf<PosixException>().With.Property("Errno").EqualTo(Errno.EPERM));
            _t.Root.MakeDirectory("closed", Roots.Octal("755"));
            _t.Root.MakeDirectory("closed/deeper", Roots.Octal("755"));
            _t.Root.SetMode("closed", 0);
            Assert.That(_t.Root.Remove("closed"), Is.True);
        });
    }

    [Test, Category("Long")]
    public void A_hundred_thousand_files_are_scanned_in_less_than_half_a_second()
    {
        using var temporary = new Roots(RootKind.Native);
        Directory.CreateDirectory(temporary.Path("big"));
        for (int d = 0; d < 1000; d++)
        {
            string directory = Directory.CreateDirectory(temporary.Path($"big/{d % 40}/{d}")).FullName;
            for (int f = 0; f < 100; f++) File.OpenHandle($"{directory}/file-{f}", FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime; // the processor's time: other programs do not count
            int found = Count(temporary.Root, "big");
            TimeSpan time = Environment.CpuUsage.TotalTime - start;
            best = time < best ? time : best;
            Assert.That(found, Is.EqualTo(101_040));
        }
        TestContext.Out.WriteLine($"101,040 entries in {best.TotalMilliseconds:F0} ms");
        Assert.That(best, Is.LessThan(TimeSpan.FromSeconds(0.5)));
    }

    private static int Count(DirectoryRoot root, string path)
    {
        int count = 0;
        foreach ((string name, FileStatus status) in root.List(path))
        {
            count++;
            if (status.Kind == FileKind.Directory) count += Count(root, SafePath.Join(path, name));
        }
        return count;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, program);
        return text.Trim();
    }
}

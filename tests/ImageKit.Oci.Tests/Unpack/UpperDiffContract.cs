using System.Text;
using ImageKit.Posix;
using static ImageKit.Oci.Tests.Items;

namespace ImageKit.Oci.Tests;

/// <summary>How the changes of a command are found.</summary>
public enum DiffWay
{
    /// <summary>In the upper directory of overlayfs, as root.</summary>
    Overlay,

    /// <summary>In the upper directory of overlayfs in a user namespace.</summary>
    UserOverlay,

    /// <summary>By comparing a whole copy.</summary>
    Compare,

    /// <summary>The same, trusting old ctimes.</summary>
    CompareByTime,
}

/// <summary>Real commands on real mounts: all ways find the same.</summary>
[TestFixture(DiffWay.Overlay)]
[TestFixture(DiffWay.UserOverlay)]
[TestFixture(DiffWay.Compare)]
[TestFixture(DiffWay.CompareByTime)]
[Platform("Linux")]
public sealed class UpperDiffContract(DiffWay way) : IDisposable
{
    private static readonly LayerItem[] Lower =
    [
        Dir("bin"), File("bin/tool", "tool", "755"), Dir("data"), File("data/1", "one"), File("data/2", "two"), Dir("data/sub"), File("data/sub/x", "x"), Dir("empty"), Dir("etc", "755"), File("etc/conf", "conf"),
        Link("lib", "usr/lib"), File("linked-a", "same"), Hard("linked-b", "linked-a"), Dir("one"), File("one/only", "only"), Dir("tmp", "1777"), Dir("usr"), Dir("usr/lib"), File("usr/lib/l", "l"), File("z", "z"),
    ];

    // All ids of the host, so that the tests read the same ids from outside: what counts is that overlayfs behaves as in any user namespace.
    private const string InUserNamespace = """
        unshare -U -m sh -c 'until grep -q . /proc/self/uid_map && grep -q . /proc/self/gid_map; do sleep 0.01; done; exec sh -e mount' &
        until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
        echo 0 0 65536 > /proc/$!/gid_map; echo 0 0 65536 > /proc/$!/uid_map; wait $!
        """;

    private readonly List<Disk> _disks = [];

    [TearDown]
    public void Dispose()
    {
        foreach (Disk disk in _disks) disk.Dispose();
        _disks.Clear();
    }

    [TestCase("true", TestName = "nothing changed, nothing written")]
    [TestCase("touch etc/conf data; cp etc/conf c && cp c etc/conf && rm c; chmod 755 etc", TestName = "a file written with the same bytes and a touched directory are no change")]
    [TestCase("echo new > etc/new", "d etc", "f etc/new", TestName = "a new file, with the directory above it")]
    [TestCase("echo CONF > etc/conf; rm bin/tool", "d bin", "f bin/.wh.tool", "d etc", "f etc/conf", TestName = "a changed file and a deleted one")]
    [TestCase("rm data/1", "d data", "f data/.wh.1", TestName = "one of several files deleted")]
    [TestCase("rm -r data", "f .wh.data", TestName = "a directory deleted")]
    [TestCase("rm -r data/*", "d data", "f data/.wh..wh..opq", TestName = "all in a directory deleted makes it opaque")]
    [TestCase("rm one/only", "d one", "f one/.wh.only", TestName = "the only file deleted is a plain whiteout")]
    [TestCase("rm -r data; mkdir data; echo n > data/n", "d data", "f data/.wh..wh..opq", "f data/n", TestName = "a directory made again")]
    [TestCase("rm -r data; mkdir -p data/sub; echo one > data/1; echo x2 > data/sub/x; chown 1 data", "d data", "f data/.wh.2", "f data/1", "d data/sub", "f data/sub/x", TestName = "a directory made again with some of what it held")]
    [TestCase("mv etc/conf etc/moved", "d etc", "f etc/.wh.conf", "f etc/moved", TestName = "a file renamed")]
    [TestCase("mv data moved || { cp -a data moved; rm -r data; }", "f .wh.data", "d moved", "f moved/1", "f moved/2", "d moved/sub", "f moved/sub/x", TestName = "a directory renamed")]
    [TestCase("chmod 600 z; chown 5:6 usr/lib/l; chmod 700 usr", "d usr", "d usr/lib", "f usr/lib/l", "f z", TestName = "modes and owners changed")]
    [TestCase("rm z; mkdir z; rm -r empty; echo f > empty; rm lib; mkdir lib; ln -s /etc etc2", "d lib", "f empty", "l etc2 -> /etc", "d z", TestName = "kinds replaced")]
    [TestCase("rm -r data; ln -s usr data; rm etc/conf; mkfifo etc/conf", "d etc", "Fifo etc/conf", "l data -> usr", TestName = "a directory becomes a link, a file a pipe")]
    [TestCase("echo a > n1; ln n1 n2; mkdir d; ln n1 d/n0", "d d", "f d/n0", "h n1 => d/n0", "h n2 => d/n0", TestName = "new hard links, the first by path is the file")]
    [TestCase("ln z zz", "f z", "h zz => z", TestName = "a new hard link to an old file brings the file along")]
    [TestCase("mkdir -p dev proc etc; : > etc/resolv.conf; mkdir dev/x; rmdir dev/x", TestName = "empty mount points are dropped")]
    [TestCase("mkdir dev; echo x > dev/x; echo y > etc/resolv.conf", "d dev", "f dev/x", "d etc", "f etc/resolv.conf", TestName = "mount points with something in them are kept")]
    [TestCase("chmod 711 .", "d ", TestName = "the root's own mode")]
    [TestCase("python3 -c \"import socket; s=socket.socket(socket.AF_UNIX); s.bind('sock')\"; rm z; python3 -c \"import socket; s=socket.socket(socket.AF_UNIX); s.bind('z')\"", "f .wh.z", TestName = "sockets are dropped, and what they replaced is gone")]
    [TestCase("echo $(printf 'n\\303\\244') > \"$(printf 'n\\303\\244me \\n x')\"", "f näme \n x", TestName = "strange names")]
    public async Task Finds(string script, params string[] expected)
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("needs root");
        var disk = new Disk();
        _disks.Add(disk);
        Tree lower = Tree.Of(Lower);
        (IReadOnlyList<LayerItem> items, string result) = await RunAsync(disk, lower, script);
        Assert.That(items.Select(i => Line(i.Entry)).Order(StringComparer.Ordinal), Is.EqualTo(expected.Order(StringComparer.Ordinal)));
        Assert.That(items.Select(i => (i.Entry.MtimeSeconds, i.Entry.MtimeNanoseconds)), Is.All.EqualTo((1234L, 0)));
        await AssertSameTreeAsync(disk, lower.Apply(items), result);
        await AssertIsALayerAsync(items);
    }

    [Test]
    public async Task Attributes_of_users_and_capabilities_are_kept_and_overlays_are_not()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("needs root");
        var disk = new Disk();
        _disks.Add(disk);
        const string Script = """
            rm -r data; mkdir data
            python3 -c "
            import os
            os.setxattr('z', 'user.k', b'v')
            os.setxattr('bin/tool', 'security.capability', bytes.fromhex('0100000200200000000000000000000000000000'))"
            """;
        (IReadOnlyList<LayerItem> items, _) = await RunAsync(disk, Tree.Of(Lower), Script);
        Assert.That(items.Single(i => i.Entry.Path == "z").Entry.Xattrs, Is.EqualTo(new[] { Xattr("user.k", "v") }));
        Xattr capability = items.Single(i => i.Entry.Path == "bin/tool").Entry.Xattrs.Single();
        Assert.That(Convert.ToHexString(capability.Value.AsSpan()), Is.EqualTo("0100000200200000000000000000000000000000"));
        Assert.That(items.Single(i => i.Entry.Path == "data").Entry.Xattrs, Is.Empty);
    }

    [Test]
    public async Task With_a_single_id_the_lower_owners_stay()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("needs root");
        var disk = new Disk();
        _disks.Add(disk);
        Tree lower = Tree.Of([Dir("home", "755", uid: 33), File("home/f", "f", uid: 33)]);
        string copy = disk.New("copy");
        Disk.Sh("mkdir home; echo g > home/f; echo n > home/new", copy);
        IReadOnlyList<LayerItem> items = UpperDiff.Compare(disk.Open(copy), lower, new() { OwnersFromLower = true });
        Assert.That(items.Select(i => (i.Entry.Path, i.Entry.Uid)), Is.EqualTo(new[] { ("home", 33u), ("home/f", 33u), ("home/new", 0u) }));
    }

    private async Task<(IReadOnlyList<LayerItem> Items, string Result)> RunAsync(Disk disk, Tree lower, string script)
    {
        string below = disk.New("lower");
        string result = disk.New("result");
        await LayerUnpacker.UnpackAsync(await TarAsync(Lower), below);
        await System.IO.File.WriteAllTextAsync(disk.Path + "/script", script);
        var options = new UpperDiffOptions { Epoch = 1234, MountPoints = ["dev", "proc", "etc/resolv.conf"] };
        if (way is DiffWay.Compare or DiffWay.CompareByTime)
        {
            Disk.Sh("cp -a lower/. result && : > stamp", disk.Path);
            FileStatus stamp = disk.Open(disk.Path).Stat("stamp")!.Value;
            Disk.Sh("sleep 0.02; cd result && sh -e ../script", disk.Path);
            if (way == DiffWay.CompareByTime) options = options with { UntouchedBefore = (stamp.CtimeSeconds, stamp.CtimeNanoseconds) };
            return (UpperDiff.Compare(disk.Open(result), lower, options), result);
        }
        disk.New("upper");
        string mount = way == DiffWay.UserOverlay ? "userxattr" : "redirect_dir=off,metacopy=off,index=off"; // userxattr implies the others and refuses to hear them
        await System.IO.File.WriteAllTextAsync(disk.Path + "/mount", $"mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,{mount} m\n(cd m && sh -e ../script)\ncp -a m/. result\n");
        Disk.Sh("mkdir work m; " + (way == DiffWay.UserOverlay ? InUserNamespace : "unshare -m sh -e mount"), disk.Path);
        return (UpperDiff.Read(disk.Open(disk.Path + "/upper"), lower, options), result);
    }

    /// <summary>The layer on the lower tree is what the command left, empty mount points and sockets aside.</summary>
    private static async Task AssertSameTreeAsync(Disk disk, Tree tree, string result)
    {
        Tree expected = await disk.ReadAsync(result);
        Tree actual = await tree.WithHashesAsync(Disk.HashAsync, 1);
        string[] points = ["d dev", "d proc", "f etc/resolv.conf"];
        static string NoLinks(string line) => line[..line.LastIndexOf(" links:", StringComparison.Ordinal).OrEnd(line)];
        Assert.That(
            Disk.Describe(actual, times: false).Select(NoLinks),
            Is.EqualTo(Disk.Describe(expected, times: false).Select(NoLinks).Where(line => Disk.Describe(actual, false).Select(NoLinks).Contains(line) || !points.Any(point => line.StartsWith(point + " ", StringComparison.Ordinal)))));
    }

    /// <summary>Written as a tar and read back the entries are the same.</summary>
    private static async Task AssertIsALayerAsync(IReadOnlyList<LayerItem> items)
    {
        await using var reader = new TarReader(await TarAsync([.. items]));
        var read = new List<string>();
        while (await reader.ReadAsync() is { } entry) read.Add(Line(entry.ToTocEntry()));
        Assert.That(read, Is.EqualTo(items.Select(i => Line(i.Entry))));
    }
}

internal static class IndexExtensions
{
    public static int OrEnd(this int index, string text) => index < 0 ? text.Length : index;
}

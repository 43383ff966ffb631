using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using ImageKit.Posix;

namespace ImageKit.Oci.Tests;

/// <summary>Directories on disk for tests, and what is in them.</summary>
internal sealed class Disk : IDisposable
{
    private readonly List<DirectoryRoot> _roots = [];

    public Disk()
    {
        Path = Directory.CreateTempSubdirectory("imagekit-disk-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, (UnixFileMode)Items.Octal("755"));
    }

    public string Path { get; }

    /// <summary>A new directory, mode 0755.</summary>
    public string New(string name)
    {
        string path = Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)Items.Octal("755"));
        return path;
    }

    public DirectoryRoot Open(string path)
    {
        DirectoryRoot root = DirectoryRoot.Open(path);
        _roots.Add(root);
        return root;
    }

    /// <summary>What is in a directory, hashes and times too.</summary>
    public async Task<Tree> ReadAsync(string path)
    {
        DirectoryRoot root = Open(path);
        Tree tree = Tree.Of(UpperDiff.Compare(root, Tree.Empty, new UpperDiffOptions { Epoch = null }));
        return await tree.WithHashesAsync(HashAsync, width: 1);
    }

    public static async ValueTask<Hash256> HashAsync(TreeNode node, CancellationToken cancel)
    {
        await using Stream stream = await node.Origin!.OpenAsync(node.SourceEntry, cancel);
        return new Hash256(await SHA256.HashDataAsync(stream, cancel));
    }

    /// <summary>All that is known of each node, the root aside, one line each.</summary>
    public static string[] Describe(Tree tree, bool times = true) => [.. tree.Walk().Skip(1).Select(node => Describe(node, tree, times))];

    public static void Sh(string script, string? directory = null)
    {
        var start = new ProcessStartInfo("sh", ["-ec", script]) { RedirectStandardError = true, WorkingDirectory = directory ?? "/" };
        using var process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors);
    }

    public void Dispose()
    {
        foreach (DirectoryRoot root in _roots) root.Dispose();
        using DirectoryRoot all = DirectoryRoot.Open(System.IO.Path.GetDirectoryName(Path)!);
        all.Remove(System.IO.Path.GetFileName(Path));
    }

    private static string Describe(TreeNode node, Tree tree, bool times)
    {
        TocEntry e = node.Entry;
        string time = times ? $" {e.MtimeSeconds}.{e.MtimeNanoseconds:D9}" : "";
        string content = e.Kind == EntryKind.File ? $" {e.Size} {(e.Size == 0 ? "" : e.ContentHash.ToString()[..8])}" : "";
        string links = node.IsDirectory ? "" : " links:" + tree.Walk().Count(other => ReferenceEquals(other.SourceEntry, node.SourceEntry));
        return $"{Items.Line(e)} {Convert.ToString(e.Mode, 8)} {e.Uid}:{e.Gid} {e.DeviceMajor},{e.DeviceMinor}{content}{time}{links} {string.Join(' ', e.Xattrs.Select(x => x.Name + "=" + Convert.ToHexString(x.Value.AsSpan())))}";
    }
}

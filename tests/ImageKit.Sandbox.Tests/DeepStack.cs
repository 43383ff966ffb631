using System.Diagnostics;
using System.Globalization;

namespace ImageKit.Sandbox.Tests;

/// <summary>Stacks of more directories than overlayfs takes in one go. Checked by a process in a mount namespace of its own.</summary>
internal sealed class DeepStack
{
    public const string Argument = "deep-stack";

    [TestCase(1, false)]
    [TestCase(500, false)]
    [TestCase(501, false)]
    [TestCase(990, false)]
    [TestCase(120, true)]
    [TestCase(121, true)]
    [TestCase(230, true)]
    public void A_stack_shows_all_its_directories_and_takes_changes(int depth, bool old)
    {
        string folder = Machine.NewFolder(Environment.UserName);
        string[] user = Machine.IsRoot ? [] : ["--user", "--map-root-user"];
        ProcessStartInfo start = new("unshare",
            [.. user, "--mount", "--propagation", "private", "dotnet", typeof(DeepStack).Assembly.Location, Argument, folder, depth.ToString(CultureInfo.InvariantCulture), old.ToString()])
        { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Machine.Delete(folder);
        Assert.That(output, Is.EqualTo("all there\n"));
    }

    /// <summary>The process's side.</summary>
    public static int Check(string[] words)
    {
        (string folder, int depth, bool old) = (words[0], int.Parse(words[1], CultureInfo.InvariantCulture), bool.Parse(words[2]));
        string upper = Path.Combine(folder, "upper"), work = Path.Combine(folder, "work"), target = Path.Combine(folder, "root");
        List<string> lowers = [];
        for (int i = 0; i < depth; i++)
        {
            // As long as real ones: layers/sha256/<digest>/root-trusted.
            string lower = Path.Combine(folder, i.ToString("D64", CultureInfo.InvariantCulture), "root-trusted");
            lowers.Add(Directory.CreateDirectory(lower).FullName);
            File.WriteAllText(Path.Combine(lower, $"file{i}"), "");
            File.WriteAllText(Path.Combine(lower, "last"), $"{i}");
        }
        foreach (string made in (string[])[upper, work, target]) Directory.CreateDirectory(made);
        new OverlayMount(Machine.IsRoot ? KeeperMode.Root : KeeperMode.SingleId, old).Mount(lowers, upper, work, target);
        File.Delete(Path.Combine(target, "file0"));
        File.WriteAllText(Path.Combine(target, "new"), "");
        bool right = Directory.GetFiles(target, "file*").Length == depth - 1 && File.ReadAllText(Path.Combine(target, "last")) == $"{depth - 1}"
            && File.Exists(Path.Combine(upper, "new")) && Path.Exists(Path.Combine(upper, "file0"));
        Console.WriteLine(right ? "all there" : $"{Directory.GetFiles(target).Length} files");
        return right ? 0 : 1;
    }
}

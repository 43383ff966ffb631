using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ImageKit.Sandbox.Tests;

/// <summary>What this machine has to run commands with: runtimes, users, a base layer.</summary>
internal static class Machine
{
    /// <summary>A user with subordinate ids; made when the tests run as root.</summary>
    private const string WithSubordinates = "iktest";

    /// <summary>A user that no file knows, and so with no subordinate ids.</summary>
    public const string Unknown = "54321";

    public const string Root = "root";

    private static readonly string[] Applets =
        ["sh", "cat", "id", "ls", "echo", "env", "hostname", "grep", "touch", "rm", "mkdir", "mount", "ip", "sleep", "true", "chown", "stat", "wc", "pwd", "mv", "cp", "find", "head", "stty", "tty", "xargs", "sort", "ln", "chmod"];

    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>Every runtime as every user.</summary>
    public static IEnumerable<TestFixtureData> Cases() =>
        from user in Users()
        from runtime in (string[])["crun", "runc", "builtin", "copying"]
        select new TestFixtureData(runtime, user);

    /// <summary>What tells the cases apart where starting and ending alone is looked at.</summary>
    public static IEnumerable<TestFixtureData> FewerCases() =>
        from user in Users()
        from runtime in (string[])(user == Unknown ? ["builtin"] : ["crun", "runc", "builtin"])
        select new TestFixtureData(runtime, user);

    public static IEnumerable<string> Users() => IsRoot ? [Root, WithSubordinates, Unknown] : [Environment.UserName];

    /// <summary>The base layer: busybox, some files, and one that belongs to another user.</summary>
    public static string BaseTar { get; } = MakeBase();

    /// <summary>A new folder that belongs to a user and that all users can reach.</summary>
    public static string NewFolder(string user)
    {
        string path = Path.Combine(Path.GetTempPath(), "imagekit-sandbox-" + Path.GetRandomFileName());
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        if (user != Environment.UserName) Do("chown", Ids(user), path);
        return path;
    }

    /// <summary>The words that start this assembly's program as a user.</summary>
    public static string[] Words(string user)
    {
        string[] asUser = user == Environment.UserName ? []
            : ["setpriv", "--reuid=" + user, "--regid=" + user, user == Unknown ? "--clear-groups" : "--init-groups"];
        return [.. asUser, Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet", typeof(Machine).Assembly.Location];
    }

    /// <summary>Starts this assembly's program as a user.</summary>
    public static Process Start(string user, KeeperOrder order)
    {
        string[] words = Words(user);
        ProcessStartInfo start = new(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment["HOME"] = order.Home;
        Process process = Process.Start(start)!;
        process.StandardInput.WriteLine(JsonSerializer.Serialize(order, OrderJson.Default.KeeperOrder));
        return process;
    }

    /// <summary>Runs commands as a user in one keeper.</summary>
    public static List<RunAnswer> Ask(string user, KeeperOrder order)
    {
        using Process process = Start(user, order);
        List<RunAnswer> answers = [];
        while (process.StandardOutput.ReadLine() is { } line) answers.Add(JsonSerializer.Deserialize(line, OrderJson.Default.RunAnswer)!);
        process.WaitForExit();
        return answers;
    }

    /// <summary>Deletes a folder that may hold files of subordinate ids, which only root, or the keeper, can.</summary>
    public static void Delete(string folder)
    {
        if (IsRoot) Do("rm", "-rf", folder);
        else Do("unshare", "--user", "--map-root-user", "--map-auto", "rm", "-rf", folder);
    }

    public static void Do(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}");
    }

    /// <summary>Sees that what a case needs is there; on a user's machine a test without it is skipped, in CI and as root it fails.</summary>
    public static void Require(string runtime, string user)
    {
        if (user == WithSubordinates && !File.ReadAllText("/etc/passwd").Contains($"{WithSubordinates}:", StringComparison.Ordinal)) Do("useradd", "--create-home", user);
        string? missing = runtime is "builtin" or "copying" || SearchPath.Find(runtime) is not null ? null : $"{runtime} is not installed";
        if (missing is null) return;
        if (IsRoot || Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Ignore(missing);
    }

    private static string Ids(string user) => user == Unknown ? $"{Unknown}:{Unknown}" : user + ":";

    private static string MakeBase()
    {
        string folder = NewFolder(Environment.UserName), root = Path.Combine(folder, "root"), tar = Path.Combine(folder, "base.tar");
        foreach (string name in (string[])["bin", "etc", "tmp", "data/sub", "links"]) Directory.CreateDirectory(Path.Combine(root, name));
        File.Copy(SearchPath.Find("busybox") ?? throw new InvalidOperationException("busybox-static is not installed."), Path.Combine(root, "bin/busybox"));
        foreach (string applet in Applets) File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
        foreach (string name in (string[])["one", "two", "sub/three", "sub/four"]) File.WriteAllText(Path.Combine(root, "data", name), name);
        File.WriteAllText(Path.Combine(root, "bin/text"), "no program");
        File.WriteAllText(Path.Combine(root, "bin/garbage"), "\u0001\u0002 no program either");
        File.SetUnixFileMode(Path.Combine(root, "bin/garbage"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Combine(root, "links/escape"), "../../../../../../etc");
        Do("chmod", "1777", Path.Combine(root, "tmp"));
        Do("tar", "-C", root, "--sort=name", "--mtime=@1000000000", "--numeric-owner", "--owner=0", "--group=0", "-cf", tar, ".");
        File.WriteAllText(Path.Combine(root, "owned"), "of user 5");
        Do("tar", "-C", root, "--mtime=@1000000000", "--numeric-owner", "--owner=5", "--group=6", "-rf", tar, "./owned");
        File.WriteAllText(tar + ".word", "the word\n");
        return tar;
    }

    /// <summary>The number of network devices of this machine.</summary>
    public static int NetworkDevices => Directory.GetFileSystemEntries("/sys/class/net").Count(path => !path.EndsWith("bonding_masters", StringComparison.Ordinal));

    /// <summary>Processes whose command line holds a text.</summary>
    public static List<int> ProcessesWith(string text)
    {
        List<int> found = [];
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id == Environment.ProcessId) continue;
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal)) found.Add(id);
            }
            catch (IOException)
            {
                // it has just ended
            }
        }
        return found;
    }
}

using System.Security.Cryptography;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Ctrl-C in each phase, a killed tool, a full disk: no mount or process is left, and the store goes on working.</summary>
internal sealed class InterruptionTests
{
    [TestCase("crun", true)]
    [TestCase("runc", true)]
    [TestCase("builtin", true)]
    [TestCase("builtin", false)]
    [TestCase("crun", false)]
    public async Task Ctrl_C_in_a_RUN_ends_it_with_130(string runtime, bool asRoot)
    {
        if (asRoot) Need.Root();
        if (runtime != "builtin") Need.Program(runtime);
        await using Home home = await Home.MakeAsync(asRoot ? Account.Self : Account.Rootless);
        string sleep = Sleep();
        home.Write("Dockerfile", $"FROM base\nRUN echo it runs; {sleep}\n");
        using Running build = home.Build("--runtime", runtime).Start();
        await Wait.UntilAsync(() => Leftovers.Runs(sleep) || build.Ended, "the sleep");
        await build.SignalAsync("INT");
        Result result = await build.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(130), result.All);
        await Leftovers.NoneOfAsync(home, sleep);
        await ExpectStoreWorksAsync(home);
    }

    [Test]
    public async Task Killing_the_tool_leaves_no_mount_and_no_process()
    {
        await using Home home = await Home.MakeAsync();
        string sleep = Sleep();
        home.Write("Dockerfile", $"FROM base\nRUN echo it runs; {sleep}\n");
        using Running build = home.Build().Start();
        await Wait.UntilAsync(() => Leftovers.Runs(sleep) || build.Ended, "the sleep");
        await build.SignalAsync("KILL");
        await build.EndAsync();
        await Leftovers.NoneOfAsync(home, sleep);
        await ExpectStoreWorksAsync(home);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(home.Store, "uploads", "leases")), Is.Empty, "the next command swept what the dead one left");
    }

    [Test]
    public async Task Ctrl_C_while_files_are_copied_ends_it_with_130()
    {
        await using Home home = await Home.MakeAsync();
        WriteNoise(home, 300);
        home.Write("Dockerfile", "FROM base\nCOPY noise /noise\n");
        using Running build = home.Build("-t", "app:1").Start();
        await Task.Delay(700);
        await build.SignalAsync("INT");
        Result result = await build.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(130), result.All);
        await Leftovers.NoneOfAsync(home);
        Assert.That(await home.Tool("images").SucceedAsync(), Does.Not.Match(@"app\s+1\b"));
        await ExpectStoreWorksAsync(home);
    }

    [Test]
    public async Task Ctrl_C_during_a_push_ends_it_with_130_and_the_next_push_finishes()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        WriteNoise(home, 300);
        home.Write("Dockerfile", "FROM base\nCOPY noise /noise\n");
        string name = $"{registry.Host}/app:1";
        await home.Build("-t", name).SucceedAsync();
        using Running push = home.Tool("push", name).Start();
        await Wait.UntilAsync(() => registry.Log.Contains("POST /v2/app/blobs/uploads", StringComparison.Ordinal) || push.Ended, "the first upload");
        await registry.PauseAsync(); // else the push may be done before the signal is there
        await push.SignalAsync("INT");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await registry.ResumeAsync();
        Result result = await push.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(130), result.All);
        await home.Tool("push", name).SucceedAsync();
    }

    [Test]
    public async Task Ctrl_C_of_a_run_ends_a_command_that_does_not_catch_it_with_130()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\n");
        await home.Build("-t", "app:1").SucceedAsync();
        string sleep = Sleep();
        using Running run = home.Tool("run", "--rm", "--network", "none", "app:1", "sh", "-c", $"echo ready; {sleep}").Start();
        await run.UntilAsync("ready");
        await run.SignalAsync("INT");
        Result result = await run.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(130), result.All);
        await Leftovers.NoneOfAsync(home, sleep);
    }

    [TestCase("crun", "INT")]
    [TestCase("runc", "TERM")]
    [TestCase("builtin", "HUP")]
    public async Task A_command_of_run_that_catches_a_signal_gets_it_and_ends_as_it_likes(string runtime, string signal)
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\n");
        await home.Build("-t", "app:1").SucceedAsync();
        string script = $"trap 'echo tidied up; exit 7' {signal}; echo ready; while :; do sleep 0.1; done";
        using Running run = home.Tool("run", "--rm", "--runtime", runtime, "app:1", "sh", "-c", script).Start();
        await run.UntilAsync("ready");
        await run.SignalAsync(signal);
        Result result = await run.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(7), result.All);
        Assert.That(result.Output, Does.Contain("tidied up"));
    }

    [Test]
    public async Task A_command_of_run_that_ignores_the_first_Ctrl_C_ends_with_the_second()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\n");
        await home.Build("-t", "app:1").SucceedAsync();
        string sleep = Sleep();
        using Running run = home.Tool("run", "--rm", "app:1", "sh", "-c", $"trap 'echo no' INT; echo ready; {sleep} & while :; do wait; done").Start();
        await run.UntilAsync("ready");
        await run.SignalAsync("INT");
        await run.UntilAsync("no");
        await run.SignalAsync("INT");
        Result result = await run.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(130), result.All);
        await Leftovers.NoneOfAsync(home, sleep);
    }

    [Test]
    public async Task A_full_disk_is_named_and_with_more_room_the_same_store_goes_on()
    {
        Need.Root();
        await using Home home = await Home.MakeAsync();
        Directory.CreateDirectory(home.Store);
        await new Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", home.Store).SucceedAsync();
        try
        {
            WriteNoise(home, 40);
            home.Write("Dockerfile", "FROM base\nCOPY noise /noise\n");
            Result result = await home.Build("-t", "app:1").RunAsync();
            Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
            Assert.That(result.Error, Does.Match("IK[0-9]{4}").And.Match("(?i)no space|disk is full|disk full"));
            await home.Tool("images").SucceedAsync();
            await new Command("mount", "-o", "remount,size=300m", home.Store).SucceedAsync();
            await home.Build("-t", "app:1").SucceedAsync();
        }
        finally
        {
            await new Command("umount", home.Store).SucceedAsync();
        }
    }

    private static string Sleep() => $"sleep {Random.Shared.Next(1_000_000, 9_999_999)}";

    private static void WriteNoise(Home home, int megabytes)
    {
        using FileStream file = File.Create(home.Write("noise", ""));
        for (int i = 0; i < megabytes; i++) file.Write(RandomNumberGenerator.GetBytes(1 << 20));
    }

    private static async Task ExpectStoreWorksAsync(Home home)
    {
        home.Write("Dockerfile", "FROM base\nRUN echo fine > /fine\n");
        await home.Build("-t", "fine:1").SucceedAsync();
        Assert.That(await home.Tool("run", "--rm", "--network", "none", "fine:1", "cat", "/fine").SucceedAsync(), Is.EqualTo("fine\n"));
    }
}

using System.Diagnostics;
using System.Globalization;

namespace ImageKit.Sandbox.Tests;

/// <summary>Whatever ends, and however, no process and no mount outlives it.</summary>
[TestFixtureSource(typeof(Machine), nameof(Machine.FewerCases))]
internal sealed class KeeperLifeTests(string runtime, string user)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private string _home = "";
    private string[] _debuggers = [];
    private string _seconds = ""; // a number of seconds that no other process sleeps

    [SetUp]
    public void SetUp()
    {
        Machine.Require(runtime, user);
        _home = Machine.NewFolder(user);
        _debuggers = DebuggerFiles();
        _seconds = Random.Shared.Next(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture);
    }

    [TearDown]
    public void TearDown()
    {
        if (_home.Length > 0) Machine.Delete(_home);
    }

    [Test]
    public void A_killed_caller_takes_its_commands_and_mounts_along()
    {
        using Process caller = Machine.Start(user, Sleep(null));
        WaitForSleep();
        caller.Kill();
        caller.WaitForExit();
        SeeThatNothingIsLeft();
        List<RunAnswer> next = Machine.Ask(user, new KeeperOrder(_home, runtime, Machine.BaseTar, [RunOrder.Of("true")]));
        Assert.That(next.Single(), Has.Property("ExitCode").Zero.And.Property("Failure").Null);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_home, "layers", "runs")), Is.Empty, "The next keeper sweeps.");
    }

    [Test]
    public void A_killed_keeper_is_told_with_a_code()
    {
        using Process caller = Machine.Start(user, Sleep(null));
        WaitForSleep();
        foreach (int keeper in Machine.ProcessesWith(KeeperProcess.ServeOption).Where(id => File.ReadAllText($"/proc/{id}/cmdline").Contains(_home, StringComparison.Ordinal)))
        {
            if (Path.GetFileName(new FileInfo($"/proc/{keeper}/exe").LinkTarget) != "unshare") _ = Libc.kill(keeper, Libc.KillSignal);
        }
        string? answer = caller.StandardOutput.ReadLine();
        caller.WaitForExit();
        Assert.That(answer, Does.Contain("IK5003"));
        SeeThatNothingIsLeft();
    }

    [Test]
    public void A_cancelled_command_ends_with_all_its_processes_and_the_keeper_goes_on()
    {
        KeeperOrder order = Sleep(TimeSpan.FromSeconds(1));
        List<RunAnswer> answers = Machine.Ask(user, order with { Runs = order.Runs.Add(RunOrder.Shell("echo on")) });
        Assert.That(answers.Select(answer => answer.Failure ?? answer.Output), Is.EqualTo(new[] { "cancelled", "on\n" }));
        SeeThatNothingIsLeft();
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_home, "layers", "runs")), Is.Empty);
    }

    private KeeperOrder Sleep(TimeSpan? cancelAfter) =>
        new(_home, runtime, Machine.BaseTar, [RunOrder.Shell($"touch /x; sleep {_seconds} & sleep {_seconds}") with { CancelAfter = cancelAfter, Commit = true }]);

    private void WaitForSleep() => Assert.That(() => Machine.ProcessesWith($"sleep\0{_seconds}").Count, Is.GreaterThanOrEqualTo(2).After((int)Soon.TotalMilliseconds, 50));

    private void SeeThatNothingIsLeft()
    {
        Assert.That(() => Machine.ProcessesWith(_seconds), Is.Empty.After((int)Soon.TotalMilliseconds, 50));
        Assert.That(() => Machine.ProcessesWith(_home), Is.Empty.After((int)Soon.TotalMilliseconds, 50));
        Assert.That(File.ReadAllText("/proc/self/mountinfo"), Does.Not.Contain(_home));
        Assert.That(DebuggerFiles(), Is.SubsetOf(_debuggers));
    }

    // What .NET's runtime opens for debuggers, of the first processes of namespaces.
    private static string[] DebuggerFiles() => [.. Directory.GetFiles("/tmp", "clr-debug-pipe-1-*"), .. Directory.GetFiles("/tmp", "dotnet-diagnostic-1-*")];
}

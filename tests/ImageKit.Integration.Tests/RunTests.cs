using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary><c>imagekit run</c>: streams, options and exit codes as Docker's.</summary>
[TestFixture(true, TestName = "run as root")]
[TestFixture(false, TestName = "run as an ordinary user")]
internal sealed class RunTests(bool asRoot)
{
    private Home _home = null!;

    [SetUp]
    public async Task Build()
    {
        if (asRoot) Need.Root();
        _home = await Home.MakeAsync(asRoot ? Account.Self : Account.Rootless);
        _home.Write("Dockerfile", "FROM base\nENV COLOUR=red\nWORKDIR /srv\nRUN echo inside > file\nCMD [\"cat\", \"file\"]\n");
        await _home.Build("-q", "-t", "app:1").SucceedAsync();
    }

    [TearDown]
    public async Task Remove()
    {
        if (_home is not null) await _home.DisposeAsync();
    }

    [Test]
    public async Task The_image_says_what_runs_where() => Assert.That(await Run("app:1").SucceedAsync(), Is.EqualTo("inside\n"));

    [Test]
    public async Task Standard_output_and_error_stay_apart()
    {
        Result result = await Run("app:1", "sh", "-c", "echo out; echo err >&2").RunAsync();
        Assert.That(result.Output, Is.EqualTo("out\n"));
        Assert.That(result.Error, Does.Contain("err\n"));
    }

    [Test]
    public async Task Standard_input_is_handed_over() => Assert.That(await (Run("-i", "app:1", "cat") with { Input = "typed\n" }).SucceedAsync(), Is.EqualTo("typed\n"));

    [TestCase("exit 0", 0)]
    [TestCase("exit 42", 42)]
    [TestCase("sh -c 'kill -9 $$'; exit $?", 137, TestName = "a command that is killed ends with 128 and the signal")]
    public async Task Ends_with_the_exit_code_of_the_command(string script, int code) =>
        Assert.That((await Run("app:1", "sh", "-c", script).RunAsync()).ExitCode, Is.EqualTo(code));

    [Test]
    public async Task A_command_that_is_not_there_ends_with_127_and_is_named()
    {
        Result result = await Run("app:1", "no-such-command").RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(127), result.All);
        Assert.That(result.Error, Does.Contain("IK5012").And.Contain("\"no-such-command\": executable file not found in $PATH"));
    }

    [Test]
    public async Task A_file_that_is_no_command_ends_with_126() => Assert.That((await Run("app:1", "/srv/file").RunAsync()).ExitCode, Is.EqualTo(126));

    [Test]
    public async Task An_image_that_is_nowhere_ends_with_125() => Assert.That((await Run("127.0.0.1:1/none:1", "true").RunAsync()).ExitCode, Is.EqualTo(125));

    [Test]
    public async Task Options_change_environment_folder_user_and_entrypoint()
    {
        string shown = await Run("-e", "COLOUR=blue", "-e", "SHAPE=round", "-w", "/tmp", "-u", "1000:1000", "app:1", "sh", "-c", "echo $COLOUR $SHAPE $PWD $(id -u)").SucceedAsync();
        Assert.That(shown, Is.EqualTo("blue round /tmp 1000\n"));
        Assert.That(await Run("--entrypoint", "echo", "app:1", "a", "b").SucceedAsync(), Is.EqualTo("a b\n"));
    }

    [Test]
    public async Task A_folder_of_the_host_is_mounted_to_read_and_to_write()
    {
        string shared = _home["shared"];
        await new Command("mkdir", shared).As(_home.Account).SucceedAsync();
        await Run("-v", $"{shared}:/shared", "app:1", "sh", "-c", "echo written > /shared/file").SucceedAsync();
        Assert.That(await File.ReadAllTextAsync(Path.Combine(shared, "file")), Is.EqualTo("written\n"));
        Assert.That((await Run("-v", $"{shared}:/shared:ro", "app:1", "sh", "-c", "echo again > /shared/file").RunAsync()).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Without_a_network_there_is_the_loopback_alone() =>
        Assert.That(await Run("app:1", "sh", "-c", "ls /sys/class/net || cat /proc/net/dev | grep -c eth").RunAsync(), Has.Property("Output").Not.Contains("eth"));

    [Test]
    public async Task What_a_run_writes_is_gone_with_it()
    {
        await Run("app:1", "sh", "-c", "echo changed > file").SucceedAsync();
        Assert.That(await Run("app:1").SucceedAsync(), Is.EqualTo("inside\n"));
        await Leftovers.NoneOfAsync(_home);
    }

    [Test]
    public async Task The_sandbox_gives_no_new_privileges_and_few_capabilities()
    {
        string status = await Run("app:1", "cat", "/proc/self/status").SucceedAsync();
        Assert.That(status, Does.Match(@"NoNewPrivs:\s+1"));
        Assert.That(status, Does.Match(@"CapBnd:\s+00000000a80425fb"), "Docker's default capabilities");
        Assert.That(status, Does.Match(@"Seccomp:\s+2"));
        Assert.That((await Run("app:1", "sh", "-c", "echo 1 > /proc/sys/kernel/hostname || mount -t tmpfs none /mnt").RunAsync()).ExitCode, Is.Not.Zero);
    }

    [TestCase("crun")]
    [TestCase("runc")]
    [TestCase("builtin")]
    public async Task Every_runtime_runs_it(string runtime)
    {
        if (runtime != "builtin") Need.Program(runtime);
        Assert.That(await Run("--runtime", runtime, "app:1", "sh", "-c", "cat file; id -u; exit 0").SucceedAsync(), Is.EqualTo("inside\n0\n"));
        Assert.That((await Run("--runtime", runtime, "app:1", "sh", "-c", "exit 7").RunAsync()).ExitCode, Is.EqualTo(7));
    }

    private Command Run(params IReadOnlyList<string> arguments) => _home.Tool(["run", "--rm", "--network", "none", .. arguments]);
}

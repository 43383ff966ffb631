using System.Diagnostics;

namespace ImageKit.Tests;

/// <summary>RUN in the sandbox. The image is the machine's own busybox.</summary>
internal sealed class RunTests
{
    private const string Busybox = "/bin/busybox";

    [SetUp]
    public void NeedsLinuxAndBusybox()
    {
        if (OperatingSystem.IsLinux() && File.Exists(Path.GetFullPath(Busybox))) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("A static busybox is missing.");
        Assert.Ignore("Needs Linux and a static busybox (Debian: busybox-static).");
    }

    private static BuildBench Bench()
    {
        BuildBench bench = new();
        File.Copy(Busybox, Path.Combine(bench.Context, "busybox"));
        bench.Link("links/sh", "busybox").Link("links/cat", "busybox").Link("links/id", "busybox").Link("links/mkdir", "busybox").Link("links/awk", "busybox");
        return bench.File("passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n").File("group", "root:x:0:\napp:x:1001:\naudio:x:29:app\n");
    }

    private static string From(string rest) => "FROM scratch\nCOPY busybox /bin/busybox\nCOPY links /bin/\nCOPY passwd group /etc/\n" + rest;

    [Test]
    public async Task A_command_sees_its_environment_directory_and_user()
    {
        await using BuildBench bench = Bench();
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync(From("""
            ARG a=1
            ENV e=2
            WORKDIR /w
            RUN echo "$a $e $PWD $HOSTNAME" > out
            USER app
            RUN id > /tmp/id 2>&1 || id > /dev/null; echo done
            USER 0
            RUN ["/bin/sh", "-c", "echo exec > exec"]
            RUN <<E
            echo one > one
            echo two > two
            E
            RUN <<E
            #!/bin/awk BEGIN { print "script" > "/w/script" }
            E
            """));
        Assert.Multiple(() =>
        {
            Assert.That(files["w/out"], Is.EqualTo(new BuiltFile("1 2 /w buildkitsandbox\n", "644", "0:0", 0)));
            Assert.That(files["w/exec"].Content, Is.EqualTo("exec\n"));
            Assert.That(files["w/two"].Content, Is.EqualTo("two\n"));
            Assert.That(files.Keys, Has.None.StartsWith("dev").And.None.StartsWith("proc").And.None.EqualTo("etc/resolv.conf"));
        });
    }

    [Test]
    public async Task A_command_that_fails_tells_where_and_shows_its_end()
    {
        await using BuildBench bench = Bench();
        BuildException failure = await bench.RefusalAsync(From("RUN echo before; echo sorry >&2; exit 3\n"));
        Assert.Multiple(() =>
        {
            Assert.That((failure.Code, failure.ExitCode, failure.Span.Line, failure.File), Is.EqualTo(("IK4001", (int?)3, 5, "Dockerfile")));
            Assert.That(failure.OutputTail, Is.EquivalentTo(new[] { "before", "sorry" }));
        });
    }

    [Test]
    public async Task Mounts_are_there_for_the_command_alone()
    {
        await using BuildBench bench = Bench();
        bench.File("data/in", "context").File("data/hidden", "h").File(".dockerignore", "data/hidden");
        string dockerfile = From("""
            RUN --mount=type=bind,source=data,target=/data --mount=type=tmpfs,target=/t --mount=type=secret,id=s --mount=type=cache,target=/c \
                cat /data/in /run/secrets/s > /out; echo x >> /c/log; cat /c/log >> /out; echo gone > /t/x; test ! -e /data/hidden
            """);
        SortedDictionary<string, BuiltFile> first = await bench.FilesAsync(dockerfile, build => build with { Secrets = [Secret.FromValue("s", "secret")] });
        SortedDictionary<string, BuiltFile> second = await bench.FilesAsync(dockerfile, build => build with { Secrets = [Secret.FromValue("s", "other")], NoCache = true });
        Assert.Multiple(() =>
        {
            Assert.That(first["out"].Content, Is.EqualTo("contextsecretx\n"));
            Assert.That(second["out"].Content, Is.EqualTo("contextotherx\nx\n"), "the cache outlives the build");
            Assert.That(first.Keys, Has.None.EqualTo("data").And.None.EqualTo("t").And.None.EqualTo("c").And.None.EqualTo("run/secrets/s"));
        });
    }

    [Test]
    public async Task A_cancelled_command_leaves_no_process()
    {
        await using BuildBench bench = Bench();
        bench.Dockerfile(From("RUN echo started; sleep 987654 || busybox sleep 987654\n"));
        using CancellationTokenSource stop = new();
        EventList events = new();
        Task build = bench.Kit.BuildAsync(bench.Request, new StopAtOutput(events, stop), stop.Token);
        await Assert.CatchAsync<OperationCanceledException>(() => build);
        Assert.That(Process.GetProcesses().Where(process => Command(process).Contains("987654", StringComparison.Ordinal)), Is.Empty);
    }

    private static string Command(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has just ended
        }
    }

    private sealed class StopAtOutput(EventList events, CancellationTokenSource stop) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value)
        {
            events.Report(value);
            if (value is StepOutput) stop.CancelAfter(200);
        }
    }
}

using System.Formats.Tar;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Bad input: a clear error with code, position and mend, the right exit code, and a store that still works.</summary>
internal sealed class BadInputTests
{
    [TestCase("FROM base\nFRUM base\n", 2, "FRUM", TestName = "an unknown instruction")]
    [TestCase("FROM base\n\nRUN --no-such=1 true\n", 3, "no-such", TestName = "an unknown flag of an instruction")]
    [TestCase("FROM base\nCOPY --from=nowhere:1 /a /b\nCOPY\n", 3, "COPY", TestName = "COPY without arguments")]
    [TestCase("FROM base AS a\nCOPY --from=b /x /x\nFROM a AS b\n", 2, "b", TestName = "a stage that uses a later one")]
    [TestCase("FROM base AS a\nCOPY --from=a /x /x\n", 2, "a", TestName = "a stage that uses itself")]
    [TestCase("FROM base\nEXPOSE port\n", 2, "port", TestName = "a port that is no number")]
    [TestCase("RUN true\n", 1, "FROM", TestName = "no FROM")]
    [TestCase("FROM base\nCOPY missing.txt /\n", 2, "missing.txt", TestName = "a file that the context lacks")]
    [TestCase("FROM base\nCOPY --from=base /missing.txt /\n", 2, "missing.txt", TestName = "a file that the other image lacks")]
    [TestCase("FROM base\nCOPY ../outside /\n", 2, "outside", TestName = "a file outside of the context")]
    [TestCase("FROM base\nRUN <<EOF\necho never closed\n", 2, "EOF", TestName = "a heredoc without an end")]
    [TestCase("ARG NAME\nFROM $NAME\n", 2, "NAME", TestName = "a base whose name is empty")]
    [TestCase("FROM base\nUSER nosuchuser\nRUN true\n", 3, "nosuchuser", TestName = "a user that the image lacks")]
    public async Task A_bad_Dockerfile_fails_with_its_position(string dockerfile, int line, string named)
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", dockerfile);
        Result result = await home.Build("-t", "app:1").RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
            Assert.That(result.Error, Does.Match("IK[0-9]{4}").And.Contains($"Dockerfile:{line}").And.Contains(named));
            Assert.That(result.Output, Is.Empty, "standard output carries results alone");
        });
        await ExpectStoreWorksAsync(home);
    }

    [Test]
    public async Task A_RUN_that_fails_shows_its_step_its_code_and_the_end_of_its_output()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nRUN for i in $(seq 500); do echo line $i; done; echo the end >&2; exit 77\n");
        Result result = await home.Build("-q").RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
            Assert.That(result.Error, Does.Match("IK[0-9]{4}").And.Contains("77").And.Contains("Dockerfile:2").And.Contains("RUN for i in").And.Contains("the end"));
        });
        await Leftovers.NoneOfAsync(home);
        await ExpectStoreWorksAsync(home);
    }

    [Test]
    public async Task A_RUN_that_is_killed_says_by_which_signal()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nRUN sh -c 'kill -9 $$'; exit $?\n");
        Result result = await home.Build().RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
        Assert.That(result.Error, Does.Match("IK[0-9]{4}").And.Match("137|KILL|signal 9"));
    }

    [Test]
    public async Task A_failed_build_moves_no_tag()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nRUN echo 1 > /n\n");
        string good = await home.Build("-q", "-t", "app:1").SucceedAsync();
        home.Write("Dockerfile", "FROM base\nRUN echo 2 > /n\nRUN false\n");
        Assert.That((await home.Build("-t", "app:1").RunAsync()).ExitCode, Is.EqualTo(1));
        Assert.That(await home.Tool("run", "--rm", "--network", "none", "app:1", "cat", "/n").SucceedAsync(), Is.EqualTo("1\n"));
        Assert.That(good, Is.Not.Empty);
    }

    [TestCase("build", "--no-such-option", ".", TestName = "an option that nobody knows")]
    [TestCase("build", TestName = "build without a context")]
    [TestCase("build", "--platform", "no/such/platform/at/all", ".", TestName = "a platform that is none")]
    [TestCase("build", "-o", "type=nothing", ".", TestName = "an output of an unknown type")]
    [TestCase("build", "-t", "UPPER CASE", ".", TestName = "a tag that is no reference")]
    [TestCase("nosuchcommand", TestName = "an unknown command")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
        Result result = await (home.Tool(arguments) with { Folder = home["context"] }).RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(2), result.All);
        Assert.That(result.Error, Is.Not.Empty);
    }

    [TestCase("--squash")]
    [TestCase("--cgroup-parent=x")]
    [TestCase("--shm-size=1g")]
    public async Task A_flag_of_Docker_that_is_not_supported_is_named(string flag)
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\n");
        Result result = await home.Build(flag).RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(2), result.All);
        Assert.That(result.Error, Does.Contain(flag.Split('=')[0]));
    }

    [Test]
    public async Task A_context_that_is_no_folder_is_named()
    {
        await using Home home = await Home.MakeAsync();
        Result result = await home.Tool("build", home["nowhere"]).RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(1).Or.EqualTo(2), result.All);
        Assert.That(result.Error, Does.Contain("nowhere").And.Match("IK[0-9]{4}"));
    }

    [TestCase("../../../../../../tmp/", TestName = "an entry above the root")]
    [TestCase("a/../../../../../../tmp/", TestName = "an entry that climbs out")]
    public async Task An_archive_that_climbs_out_is_refused(string prefix)
    {
        await using Home home = await Home.MakeAsync();
        string mark = $"imagekit-evil-{Guid.NewGuid():n}";
        WriteTar(home, new PaxTarEntry(TarEntryType.RegularFile, prefix + mark) { DataStream = new MemoryStream([1]) });
        Result result = await AddAsync(home);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
        Assert.That(result.Error, Does.Match("IK12[0-9]{2}").And.Contains(mark));
        Assert.That(File.Exists("/tmp/" + mark), Is.False);
        await ExpectStoreWorksAsync(home);
    }

    [Test]
    public async Task A_hard_link_out_of_the_root_is_refused()
    {
        await using Home home = await Home.MakeAsync();
        WriteTar(home, new PaxTarEntry(TarEntryType.HardLink, "stolen") { LinkName = "../../../../../../etc/passwd" });
        Result result = await AddAsync(home);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
        Assert.That(result.Error, Does.Match("IK12[0-9]{2}").And.Contains("stolen"));
    }

    [Test]
    public async Task A_file_through_a_link_out_of_the_root_never_reaches_the_host()
    {
        await using Home home = await Home.MakeAsync();
        string mark = $"imagekit-evil-{Guid.NewGuid():n}";
        WriteTar(home, new PaxTarEntry(TarEntryType.SymbolicLink, "out") { LinkName = "/tmp" },
            new PaxTarEntry(TarEntryType.RegularFile, "out/" + mark) { DataStream = new MemoryStream([1]) });
        Result result = await AddAsync(home, "RUN true\n");
        Assert.That(result.ExitCode, Is.Zero.Or.EqualTo(1), result.All);
        Assert.That(File.Exists("/tmp/" + mark), Is.False);
    }

    [Test]
    public async Task A_damaged_base_is_found_out()
    {
        await using Home home = await Home.MakeAsync();
        await new Command("cp", "-a", Bench.Busybox, home["bad"]).SucceedAsync();
        BuiltImage bad = new(home["bad"]);
        byte[] bytes = await File.ReadAllBytesAsync(bad.PathOf(bad.Layers[0]));
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(bad.PathOf(bad.Layers[0]), bytes);
        home.Write("Dockerfile", "FROM bad\nRUN true\n");
        Result result = await home.Build("--build-context", $"bad=oci-layout://{home["bad"]}:latest").RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
        Assert.That(result.Error, Does.Match("IK1[0-9]{3}").And.Contains(bad.Layers[0]));
        await ExpectStoreWorksAsync(home);
    }

    private static void WriteTar(Home home, params IEnumerable<TarEntry> entries)
    {
        using TarWriter writer = new(File.Create(home.Write("evil.tar", "")), TarEntryFormat.Pax);
        foreach (TarEntry entry in entries) writer.WriteEntry(entry);
    }

    private static async Task<Result> AddAsync(Home home, string rest = "")
    {
        home.Write("Dockerfile", "FROM base\nADD evil.tar /deep/\n" + rest);
        return await home.Build("-t", "app:1").RunAsync();
    }

    private static async Task ExpectStoreWorksAsync(Home home)
    {
        home.Write("Dockerfile", "FROM base\nRUN echo fine > /fine\n");
        await home.Build("-t", "fine:1").SucceedAsync();
        Assert.That(await home.Tool("run", "--rm", "--network", "none", "fine:1", "cat", "/fine").SucceedAsync(), Is.EqualTo("fine\n"));
    }
}

using System.Text;

namespace ImageKit.Tests;

/// <summary>Where Dockerfiles and contexts come from.</summary>
internal sealed class ContextTests
{
    private static async Task<string> KeysAsync(BuildBench bench, string? dockerfile = "FROM scratch\nCOPY . /\n", Func<DockerfileBuild, DockerfileBuild>? change = null) =>
        string.Join(' ', (await bench.FilesAsync(dockerfile, change)).Where(pair => pair.Value.Content != "dir").Select(pair => pair.Key));

    [TestCase("ba*\nDockerfile\n!bay\n.dockerignore", "bay foo sub/baz sub/deep/x", TestName = "an exception, and the Dockerfile itself")]
    [TestCase("**/baz\n.dockerignore\nDockerfile", "bar bay foo sub/deep/x", TestName = "at any depth")]
    [TestCase("*\n!sub/deep", "sub/deep/x", TestName = "all but one directory")]
    [TestCase("sub\n!sub/deep/x\n*ockerfile\n.d*", "bar bay foo sub/deep/x", TestName = "back in below an ignored directory")]
    public async Task Ignored(string ignore, string expected)
    {
        await using BuildBench bench = new();
        bench.File("foo").File("bar").File("bay").File("sub/baz").File("sub/deep/x").File(".dockerignore", ignore);
        Assert.That(await KeysAsync(bench), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_malformed_pattern_is_an_error_with_its_place()
    {
        await using BuildBench bench = new();
        bench.File(".dockerignore", "ok\n[bad\n");
        BuildException refusal = await bench.RefusalAsync("FROM scratch\n");
        Assert.That((refusal.Code, refusal.Span.Line), Is.EqualTo(("IK4008", 2)));
    }

    [Test]
    public async Task An_ignore_file_beside_the_Dockerfile_wins()
    {
        await using BuildBench bench = new();
        bench.File("foo").File("bar").File(".dockerignore", "foo").File("docker/My", "FROM scratch\nCOPY foo* bar* /\n").File("docker/My.dockerignore", "bar");
        Assert.That(await KeysAsync(bench, null, build => build with { Dockerfile = Path.Combine(bench.Context, "docker/My") }), Is.EqualTo("foo"));
    }

    [Test]
    public async Task A_lower_case_or_linked_Dockerfile_is_found()
    {
        await using BuildBench lower = new(), linked = new();
        lower.File("dockerfile", "FROM scratch\nCOPY f /\n").File("f");
        linked.File("real", "FROM scratch\nCOPY f /\n").File("f").Link("Dockerfile", "real");
        Assert.That((await KeysAsync(lower, null), await KeysAsync(linked, null)), Is.EqualTo(("f", "f")));
    }

    [Test]
    public async Task The_time_may_be_that_of_the_last_commit()
    {
        await using BuildBench bench = new();
        bench.Dockerfile("FROM scratch\nLABEL a=b\n");
        Func<DockerfileBuild, DockerfileBuild> ask = build => build with { Epoch = SourceEpoch.FromGit() };
        Assert.That((await bench.RefusalAsync(null, ask)).Code, Is.EqualTo("IK4025"));
        foreach (string words in (string[])["init -q", "-c user.name=x -c user.email=x@y commit -q --allow-empty -m one --date 1700000000"])
        {
            System.Diagnostics.ProcessStartInfo start = new("git", ["-C", bench.Context, .. words.Split(' ')]) { Environment = { ["GIT_COMMITTER_DATE"] = "1700000000 +0100" } };
            using var git = System.Diagnostics.Process.Start(start)!;
            await git.WaitForExitAsync();
            Assert.That(git.ExitCode, Is.Zero);
        }
        BuildResult result = await bench.BuildAsync(null, ask);
        Assert.That((await bench.Kit.InspectAsync(result.Digest.ToString())).Config.Created, Is.EqualTo("2023-11-14T22:13:20Z"));
    }

    [Test]
    public async Task A_deletion_mark_in_an_archive_is_refused_unless_it_is_ignored()
    {
        await using BuildBench bench = new();
        bench.File("f").File("d/.wh.f").Dockerfile("FROM scratch\nCOPY . /\n");
        using FileStream first = Packed(bench);
        Assert.That((await bench.RefusalAsync(null, build => new DockerfileBuild("-") { Input = first, Outputs = build.Outputs })).Code, Is.EqualTo("IK4016"));
        bench.File(".dockerignore", "**/.wh.*\n.dockerignore\nDockerfile");
        using FileStream second = Packed(bench);
        Assert.That(await KeysAsync(bench, null, build => new DockerfileBuild("-") { Input = second, Outputs = build.Outputs }), Is.EqualTo("f"));
    }

    private static FileStream Packed(BuildBench bench)
    {
        string archive = Path.Combine(bench.Other, $"{Guid.NewGuid():N}.tar.gz");
        using var tar = System.Diagnostics.Process.Start("tar", ["czf", archive, "-C", bench.Context, "."]);
        tar.WaitForExit();
        return File.OpenRead(archive);
    }

    [Test]
    public async Task The_input_may_be_a_Dockerfile_or_an_archive()
    {
        await using BuildBench bench = new();
        bench.File("f", "x").File("skip", "y").File(".dockerignore", "skip").Dockerfile("FROM scratch\nCOPY f* skip* /\n");
        using FileStream packed = Packed(bench);
        Assert.That(await KeysAsync(bench, null, build => new DockerfileBuild("-") { Input = packed, Outputs = build.Outputs }), Is.EqualTo("f"));
        using MemoryStream text = new(Encoding.UTF8.GetBytes("FROM scratch\nCOPY <<a /\nx\na\n"));
        Assert.That(await KeysAsync(bench, null, build => new DockerfileBuild("-") { Input = text, Outputs = build.Outputs }), Is.EqualTo("a"));
        using MemoryStream file = new(Encoding.UTF8.GetBytes("FROM scratch\nCOPY f /g\n"));
        Assert.That(await KeysAsync(bench, null, build => build with { Dockerfile = "-", Input = file }), Is.EqualTo("g"));
    }

    [Test]
    public async Task A_Dockerfile_is_read_as_UTF_8_whatever_it_begins_with()
    {
        await using BuildBench bench = new();
        bench.File("Dockerfile");
        string path = Path.Combine(bench.Context, "Dockerfile");
        await File.WriteAllTextAsync(path, "FROM scratch\nLABEL a=b\n", Encoding.Unicode);
        Assert.That((await bench.RefusalAsync()).Code, Does.StartWith("IK30"));
        await File.WriteAllTextAsync(path, "FROM scratch\nLABEL a=\u00e4\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.That(async () => await bench.Kit.BuildAsync(bench.Request), Throws.Nothing);
    }

    [Test]
    public async Task An_archive_without_members_is_no_Dockerfile()
    {
        await using BuildBench bench = new();
        using MemoryStream empty = new(new byte[10240]);
        BuildException refusal = await bench.RefusalAsync(change: build => new DockerfileBuild("-") { Input = empty });
        Assert.That((refusal.Code, refusal.What), Is.EqualTo(("IK4009", "failed to read dockerfile: the archive on standard input is empty.")));
    }

    [TestCase("/nowhere/at/all", null, "IK4003", TestName = "a context that is not there")]
    [TestCase("https://example.com/x.git", null, "IK4003", TestName = "a context in the network")]
    [TestCase(null, "nothing", "IK4009", TestName = "a Dockerfile that is not there")]
    public async Task Refuses(string? context, string? file, string code)
    {
        await using BuildBench bench = new();
        BuildException refusal = await bench.RefusalAsync(change: build => (context is null ? build : new DockerfileBuild(context)) with { Dockerfile = file });
        Assert.That(refusal.Code, Is.EqualTo(code));
    }

    [Test]
    public async Task Named_contexts_hide_images_and_have_their_own_ignore_files()
    {
        await using BuildBench bench = new();
        File.WriteAllText(Path.Combine(bench.Other, "in"), "from other");
        File.WriteAllText(Path.Combine(bench.Other, "out"), "");
        File.WriteAllText(Path.Combine(bench.Other, ".dockerignore"), "out");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY --from=extra in out* /\nCOPY --from=alpine in /alpine\n",
            build => build with { Contexts = new Dictionary<string, string> { ["extra"] = bench.Other, ["docker.io/library/alpine:latest"] = bench.Other, ["unused"] = "/not/there" } });
        Assert.That(files.Keys, Is.EqualTo(new[] { "alpine", "in" }));
    }

    [Test]
    public async Task A_named_context_may_be_an_image_of_a_layout_with_its_configuration()
    {
        await using BuildBench bench = new();
        string layout = Path.Combine(bench.Other, "layout");
        await bench.BuildAsync("FROM scratch\nENV from=layout\nWORKDIR /w\nCOPY <<f /\nx\nf\n", build => build with { Tags = ["x:v1"], Outputs = [Output.OciLayout(layout)] });
        await using BuildBench user = new();
        BuildResult result = await user.BuildAsync("FROM base\nLABEL l=$from\n", build => build with { Contexts = new Dictionary<string, string> { ["base"] = $"oci-layout://{layout}:v1" } });
        ImageInspection image = await user.Kit.InspectAsync(result.Digest.ToString());
        Assert.That((image.Config.Config!.Labels!["l"], image.Config.Config.WorkingDir, image.Manifest.Layers.Length), Is.EqualTo(("layout", "/w", 2)));
        Assert.That((await user.FilesAsync(null, build => build with { Contexts = new Dictionary<string, string> { ["base"] = $"oci-layout://{layout}" } })).Keys, Is.EqualTo(new[] { "f", "w" }));
    }

    [Test]
    public async Task A_file_that_cannot_be_found_suggests_a_near_one()
    {
        await using BuildBench bench = new();
        bench.File("src/program.cs");
        BuildException refusal = await bench.RefusalAsync("FROM scratch\nCOPY src/progam.cs /\n");
        Assert.That((refusal.Code, refusal.Mend), Is.EqualTo(("IK4011", "Did you mean 'src/program.cs'?")));
    }
}

using ImageKit.Dockerfile;

namespace ImageKit.Tests;

/// <summary>What builds tell of Dockerfiles that can be built, and what strict ones refuse.</summary>
internal sealed class CheckTests
{
    private static async Task<(string[] Findings, BuildException? Failure)> BuildAsync(BuildBench bench, string dockerfile, Func<DockerfileBuild, DockerfileBuild>? change = null)
    {
        EventList events = new();
        BuildException? failure = null;
        try
        {
            await bench.BuildAsync(dockerfile, change, events);
        }
        catch (BuildException e)
        {
            failure = e;
        }
        return ([.. events.All.OfType<DiagnosticFound>().Select(found => $"{found.Diagnostic.Span} {found.Diagnostic.Rule}")], failure);
    }

    [Test]
    public async Task A_build_tells_of_what_it_finds_in_the_stages_it_reaches()
    {
        await using BuildBench bench = new();
        (string[] findings, BuildException? failure) = await BuildAsync(bench.File("a"), "FROM scratch AS other\nCMD x\nFROM scratch AS Last\nCOPY a /\nCMD y\n");
        Assert.That((failure, string.Join(", ", findings)), Is.EqualTo(((BuildException?)null, "3:17 StageNameCasing, 5:1 JSONArgsRecommended")));
    }

    [Test]
    public async Task Files_that_are_ignored_and_wildcards_without_a_match_are_told_of()
    {
        await using BuildBench bench = new();
        bench.File("a").File("b.md").File(".dockerignore", "*.md");
        (string[] findings, BuildException? failure) = await BuildAsync(bench, "FROM scratch\nCOPY a *.none /x/\nCOPY b.md /\n");
        Assert.That(string.Join(", ", findings), Is.EqualTo("2:8 WildcardWithoutMatch, 3:6 CopyIgnoredFile"));
        Assert.That(failure!.Code, Is.EqualTo("IK4011"), "the step fails by itself");
    }

    [Test]
    public async Task What_two_platforms_find_is_told_once()
    {
        await using BuildBench bench = new();
        (string[] findings, _) = await BuildAsync(bench, "FROM scratch AS Last\n", build => build with { Platforms = [Oci.Platform.Parse("linux/amd64"), Oci.Platform.Parse("linux/arm64")] });
        Assert.That(findings, Is.EqualTo(new[] { "1:17 StageNameCasing" }));
    }

    [Test]
    public async Task The_file_may_ask_for_errors_and_the_build_argument_wins_over_it()
    {
        await using BuildBench bench = new();
        const string File = "# check=error=true\nFROM scratch\nMAINTAINER me\n";
        (string[] findings, BuildException? failure) = await BuildAsync(bench, File);
        Assert.That(findings, Is.EqualTo(new[] { "3:1 MaintainerDeprecated" }), "it is told before the build fails");
        Assert.That((failure?.Code, failure?.What), Is.EqualTo(("IK3090", "lint violation found for rules: MaintainerDeprecated")));
        (findings, failure) = await BuildAsync(bench, File, build => build with { Args = new Dictionary<string, string> { ["BUILDKIT_DOCKERFILE_CHECK"] = "skip=all;error=true" } });
        Assert.That(findings, Is.Empty);
        Assert.That(failure, Is.Null);
    }

    [Test]
    public async Task Warnings_are_told_of_before_an_error()
    {
        await using BuildBench bench = new();
        (string[] findings, BuildException? failure) = await BuildAsync(bench, "FROM scratch AS Last\nCOPPY a b\n");
        Assert.That(findings, Is.EqualTo(new[] { "1:17 StageNameCasing", "2:1 " }));
        Assert.That(failure!.Code, Is.EqualTo("IK3005"));
    }

    [Test]
    public async Task Variables_of_the_base_image_are_known()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync("FROM scratch\nENV FROM_BASE=1\n", build => build with { Tags = ["base:1"] });
        (string[] findings, _) = await BuildAsync(bench, "FROM base:1\nENV a=$FROM_BASE b=$FROM_NOWHERE\n");
        Assert.That(findings, Is.EqualTo(new[] { "2:20 UndefinedVar" }));
    }

    [Test]
    public async Task A_base_image_for_another_platform_is_told_of()
    {
        await using BuildBench bench = new();
        await bench.BuildAsync("FROM scratch\nENV a=1\n", build => build with { Tags = ["base:1"], Platforms = [Oci.Platform.Parse("linux/s390x")] });
        EventList events = new();
        await bench.BuildAsync("FROM base:1\nENV b=2\n", build => build with { Platforms = [Oci.Platform.Parse("linux/amd64")] }, events);
        Assert.That(events.All.OfType<DiagnosticFound>().Select(found => found.Diagnostic.Message),
            Is.EqualTo(new[] { "Base image docker.io/library/base:1 was pulled with platform \"linux/s390x\", expected \"linux/amd64\" for current build" }));
    }

    [TestCase("ARG --quiet X=1", "IK3060", TestName = "strict: a flag that means nothing")]
    [TestCase("COPY *.none /x/", "IK3066", TestName = "strict: a wildcard without a match")]
    [TestCase("COPY --chown=app a /", "IK3069", TestName = "strict: an owner that nobody knows")]
    [TestCase("COPY --link --chmod=755 a /", "IK3070", TestName = "strict: --link beside --chmod")]
    [TestCase("ENV A=1\nARG A=2", "IK3063", TestName = "strict: an ARG that hides an ENV")]
    [TestCase("COPY --from=0 *.none /x/", "IK3066", TestName = "strict: a wildcard without a match in another stage")]
    public async Task Strict_builds_refuse(string instruction, string code)
    {
        await using BuildBench bench = new();
        bench.File("a");
        string file = $"FROM scratch\nCOPY a /\nFROM scratch\n{instruction}\n";
        Assert.That((await bench.RefusalAsync(file, build => build with { Strict = true })).Code, Is.EqualTo(code));
    }

    [Test]
    public async Task Strict_builds_leave_parents_open_whatever_chmod_says()
    {
        await using BuildBench bench = new();
        bench.File("a");
        const string File = "FROM scratch\nCOPY --chmod=700 a /parent/a\n";
        SortedDictionary<string, BuiltFile> loose = await bench.FilesAsync(File);
        SortedDictionary<string, BuiltFile> strict = await bench.FilesAsync(File, build => build with { Strict = true });
        Assert.That((loose["parent"].Mode, strict["parent"].Mode, strict["parent/a"].Mode), Is.EqualTo(("700", "755", "700")));
    }

    [Test]
    public async Task A_check_looks_at_all_stages_and_builds_nothing()
    {
        await using BuildBench bench = new();
        bench.File("a").Dockerfile("FROM scratch AS one\nCMD x\nFROM nowhere:1\nCOPY *.none /x/\n");
        DockerfileCheck check = await bench.Kit.CheckAsync(bench.Request);
        Assert.That(check.Report.Diagnostics.Select(found => found.Rule), Is.EqualTo(new[] { "JSONArgsRecommended", "WildcardWithoutMatch" }));
        Assert.That(check.Report.FailsBuild, Is.False);
    }

    [Test]
    public async Task Errors_of_the_text_and_of_the_stages_make_a_check_fail()
    {
        await using BuildBench bench = new();
        bench.Dockerfile("FROM scratch AS b\nCOPY --from=c / /\nFROM scratch AS c\n");
        DockerfileCheck check = await bench.Kit.CheckAsync(bench.Request with { Target = "b" });
        Assert.That(check.Report.Diagnostics.Select(found => found.Code), Does.Contain("IK3020"));
        Assert.That(check.Report.FailsBuild, Is.True);
    }
}

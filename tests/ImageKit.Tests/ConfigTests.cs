using System.Text;
using ImageKit.Oci;

namespace ImageKit.Tests;

/// <summary>Configuration and history as BuildKit writes them.</summary>
internal sealed class ConfigTests
{
    private static async Task<ImageConfig> ConfigAsync(BuildBench bench, string dockerfile, Func<DockerfileBuild, DockerfileBuild>? change = null)
    {
        BuildResult result = await bench.BuildAsync(dockerfile, change);
        return (await bench.Kit.InspectAsync(result.Digest.ToString())).Config;
    }

    private static async Task<string[]> HistoryAsync(BuildBench bench, string dockerfile, Func<DockerfileBuild, DockerfileBuild>? change = null) =>
        [.. (await ConfigAsync(bench, dockerfile, change)).History!.Value.Select(entry => (entry.EmptyLayer == true ? "- " : "+ ") + entry.CreatedBy)];

    [Test]
    public async Task The_documents_of_a_build_are_these_very_bytes()
    {
        await using BuildBench bench = new();
        bench.File("a.txt", "hello\n");
        BuildResult result = await bench.BuildAsync("FROM scratch\nENV A=1\nCOPY a.txt /\nCMD [\"/a\", \"b\"]\n",
            build => build with { Platforms = [Platform.LinuxAmd64], Labels = new Dictionary<string, string> { ["l"] = "v" } });
        ImageInspection image = await bench.Kit.InspectAsync(result.Digest.ToString());
        const string diffId = "sha256:a5d6bbd1c1c8cd2bcf2c4ca9b4ecd7ab6a7dd4a1a0e0a1d1e5b0c8b3e7f5e2d0";
        string config = Encoding.UTF8.GetString(image.RawConfig.Span).Replace(image.Config.Rootfs.DiffIds[0].ToString(), diffId, StringComparison.Ordinal);
        Assert.That(config, Is.EqualTo("""
            {"architecture":"amd64","config":{"ArgsEscaped":true,"Cmd":["/a","b"],"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","A=1"],"Labels":{"l":"v"},"WorkingDir":"/"},"created":"1970-01-01T00:00:00Z","history":[{"comment":"buildkit.dockerfile.v0","created":"1970-01-01T00:00:00Z","created_by":"ENV A=1","empty_layer":true},{"comment":"buildkit.dockerfile.v0","created":"1970-01-01T00:00:00Z","created_by":"COPY a.txt / # buildkit"},{"comment":"buildkit.dockerfile.v0","created":"1970-01-01T00:00:00Z","created_by":"CMD [\"/a\" \"b\"]","empty_layer":true}],"os":"linux","rootfs":{"type":"layers","diff_ids":[
            """.Trim() + $"\"{diffId}\"" + "]}}"));
        string manifest = Encoding.UTF8.GetString(image.RawRoot.Span);
        Assert.That(manifest, Does.StartWith("{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n  \"config\": {\n    \"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n    \"digest\": \"sha256:"));
    }

    [Test]
    public async Task Every_instruction_has_its_line()
    {
        await using BuildBench bench = new();
        bench.File("foo").File("sub/x");
        string[] history = await HistoryAsync(bench, """
            FROM scratch
            MAINTAINER me
            ARG a=1 b
            ENV k=v "l"="x y"
            LABEL one=1 two="2 3"
            WORKDIR rel
            WORKDIR /
            COPY --chown=1:2 --chmod=644 foo sub /d/
            ADD foo /e
            COPY <<name /h
            text
            name
            USER u
            EXPOSE 80 9000-9001/udp
            VOLUME /v /w
            STOPSIGNAL 9
            SHELL ["/bin/x", "-c"]
            ENTRYPOINT run it
            CMD ["a", "b\"c"]
            HEALTHCHECK --interval=30s CMD check
            ONBUILD ENV x=y
            """);
        Assert.That(history, Is.EqualTo(new[]
        {
            "- MAINTAINER me", "- ARG a=1 b", "- ENV k=v l=x y", "- LABEL one=1 two=2 3", "+ WORKDIR /rel", "- WORKDIR /",
            "+ COPY --chown=1:2 --chmod=644 foo sub /d/ # buildkit", "+ ADD foo /e # buildkit", "+ COPY <<name /h # buildkit", "- USER u",
            "- EXPOSE [80/tcp 9000/udp 9001/udp]", "- VOLUME [/v /w]", "- STOPSIGNAL 9", "- SHELL [/bin/x -c]",
            "- ENTRYPOINT [\"/bin/x\" \"-c\" \"run it\"]", "- CMD [\"a\" \"b\\\"c\"]", "- HEALTHCHECK {[CMD-SHELL check] 30s 0s 0s 0s 0}",
        }));
    }

    [Test]
    public async Task The_configuration_holds_what_the_instructions_say()
    {
        await using BuildBench bench = new();
        ImageConfig config = await ConfigAsync(bench, """
            FROM scratch
            MAINTAINER me
            WORKDIR /a
            WORKDIR b/../c
            USER app:staff
            EXPOSE 80
            VOLUME ["/v"]
            STOPSIGNAL SIGTERM
            HEALTHCHECK --interval=1m --retries=3 CMD ["x"]
            ONBUILD COPY <<E /x
            text
            E
            """);
        ContainerConfig run = config.Config!;
        Assert.Multiple(() =>
        {
            Assert.That(config.Author, Is.EqualTo("me"));
            Assert.That(run.WorkingDir, Is.EqualTo("/a/c"));
            Assert.That(run.User, Is.EqualTo("app:staff"));
            Assert.That(run.ExposedPorts, Is.EqualTo(new[] { "80/tcp" }));
            Assert.That(run.Volumes, Is.EqualTo(new[] { "/v" }));
            Assert.That(run.StopSignal, Is.EqualTo("SIGTERM"));
            Assert.That(run.Healthcheck!.Test, Is.EqualTo(new[] { "CMD", "x" }));
            Assert.That((run.Healthcheck.Interval, run.Healthcheck.Retries), Is.EqualTo((60_000_000_000L, 3)));
            Assert.That(run.OnBuild!.Value.Single(), Does.StartWith("COPY <<E /x\ntext\nE"));
        });
    }

    [TestCase("FROM scratch\nCMD [\"old\"]\nFROM scratch\nENTRYPOINT [\"e\"]\nCMD [\"own\"]", "e", "own", TestName = "CMD behind ENTRYPOINT")]
    [TestCase("FROM scratch\nCMD [\"own\"]\nENTRYPOINT [\"e\"]", "e", "own", TestName = "ENTRYPOINT leaves a CMD of the same stage")]
    [TestCase("FROM scratch AS b\nCMD [\"old\"]\nFROM b\nENTRYPOINT [\"e\"]", "e", null, TestName = "ENTRYPOINT clears an inherited CMD")]
    [TestCase("FROM scratch AS b\nCMD [\"old\"]\nFROM b\nCMD []", null, null, TestName = "an empty CMD resets")]
    public async Task Commands(string dockerfile, string? entrypoint, string? command)
    {
        await using BuildBench bench = new();
        ContainerConfig config = (await ConfigAsync(bench, dockerfile)).Config!;
        Assert.That((config.Entrypoint?.Single(), config.Cmd?.Single()), Is.EqualTo((entrypoint, command)));
    }

    [Test]
    public async Task Arguments_come_from_the_request_then_defaults_then_globals()
    {
        await using BuildBench bench = new();
        ImageConfig config = await ConfigAsync(bench, """
            ARG global=g
            ARG image=scratch
            FROM $image
            ARG global
            ARG given=default
            ARG fallback=${given}-x
            ARG missing
            ENV all=$global:$given:$fallback:${missing:-none}:$TARGETARCH
            ARG TARGETARCH
            ENV arch=$TARGETARCH old=$all
            ENV given=env
            ARG given=late
            LABEL given=$given
            """, build => build with { Platforms = [Platform.LinuxArm64], Args = new Dictionary<string, string> { ["given"] = "cli" } });
        Assert.Multiple(() =>
        {
            Assert.That(config.Config!.Env!.Value.Skip(1), Is.EqualTo(new[] { "all=g:cli:cli-x:none:", "arch=arm64", "old=g:cli:cli-x:none:", "given=env" }));
            Assert.That(config.Config.Labels!["given"], Is.EqualTo("cli"), "the last writer wins while building");
        });
    }

    [Test]
    public async Task A_build_argument_that_nothing_declares_is_told_of()
    {
        await using BuildBench bench = new();
        BuildResult result = await bench.BuildAsync("FROM scratch\nARG used\n",
            build => build with { Args = new Dictionary<string, string> { ["used"] = "", ["usde"] = "", ["http_proxy"] = "", ["BUILDKIT_INLINE_CACHE"] = "1" } });
        Assert.That(result.Warnings, Is.EqualTo(new[] { "One or more build-args [usde] were not consumed." }));
    }

    [Test]
    public async Task A_stage_on_a_stage_inherits_its_arguments_and_another_does_not()
    {
        await using BuildBench bench = new();
        ImageConfig config = await ConfigAsync(bench, "FROM scratch AS a\nARG x=1\nFROM a AS b\nLABEL b=$x\nFROM b\nLABEL c=$x\n");
        Assert.That((config.Config!.Labels!["b"], config.Config.Labels["c"]), Is.EqualTo(("1", "1")));
    }

    [TestCase("ARG X=${X:?needed}", null, false, TestName = "a default that demands a value fails")]
    [TestCase("ARG X=${X:?needed}", "given", true, TestName = "and is not looked at if there is one")]
    public async Task Demands(string line, string? value, bool good)
    {
        await using BuildBench bench = new();
        bench.Dockerfile($"FROM scratch\n{line}\nLABEL x=$X\n");
        Func<DockerfileBuild, DockerfileBuild> change = build => value is null ? build : build with { Args = new Dictionary<string, string> { ["X"] = value } };
        if (good) Assert.That(async () => await bench.BuildAsync(change: change), Throws.Nothing);
        else Assert.That((await bench.RefusalAsync(change: change)).Span.Line, Is.EqualTo(2));
    }

    [Test]
    public async Task Triggers_run_once_in_the_child_and_are_gone_in_the_grandchild()
    {
        await using BuildBench bench = new();
        bench.File("f", "x");
        string[] history = await HistoryAsync(bench, "FROM scratch AS a\nONBUILD COPY f /triggered\nFROM a AS b\nFROM b\nLABEL own=1\n");
        Assert.That(history, Is.EqualTo(new[] { "+ COPY f /triggered # buildkit", "- LABEL own=1" }));
    }

    [Test]
    public async Task Triggers_of_a_stored_image_run_too()
    {
        await using BuildBench bench = new();
        bench.File("f", "x");
        await bench.BuildAsync("FROM scratch\nONBUILD COPY f /triggered\n", build => build with { Tags = ["parent"] });
        ImageConfig config = await ConfigAsync(bench, "FROM parent\n");
        Assert.Multiple(() =>
        {
            Assert.That(config.History!.Value.Select(entry => entry.CreatedBy), Is.EqualTo(new[] { "COPY f /triggered # buildkit" }));
            Assert.That(config.Config!.OnBuild, Is.Null);
        });
    }

    [Test]
    public async Task The_epoch_comes_from_the_request_or_an_argument()
    {
        await using BuildBench bench = new();
        ImageConfig asked = await ConfigAsync(bench, "FROM scratch\nWORKDIR /x\n", build => build with { Epoch = SourceEpoch.At(1700000000) });
        ImageConfig argued = await ConfigAsync(bench, "FROM scratch\nWORKDIR /x\n", build => build with { Args = new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = "1700000000" } });
        ImageConfig global = await ConfigAsync(bench, "ARG SOURCE_DATE_EPOCH=1700000000\nFROM scratch\nWORKDIR /x\n");
        Assert.That(new[] { asked.Created, argued.Created, global.Created, global.History!.Value[0].Created }, Is.All.EqualTo("2023-11-14T22:13:20Z"));
        Assert.That((await bench.FilesAsync())["x"].Time, Is.EqualTo(1700000000));
        Assert.That((await bench.RefusalAsync("FROM scratch\n", build => build with { Args = new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = "soon" } })).Code, Is.EqualTo("IK4023"));
    }

    [Test]
    public async Task Several_platforms_make_an_index()
    {
        await using BuildBench bench = new();
        BuildResult result = await bench.BuildAsync("FROM scratch\nARG TARGETPLATFORM\nLABEL p=$TARGETPLATFORM\n",
            build => build with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64], Tags = ["multi"] });
        ImageInspection arm = await bench.Kit.InspectAsync("multi", Platform.LinuxArm64);
        Assert.Multiple(() =>
        {
            Assert.That(result.Root.MediaType, Is.EqualTo(MediaTypes.Index));
            Assert.That(result.Images.Select(image => image.Platform), Is.EqualTo(new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }));
            Assert.That((arm.Config.Architecture, arm.Config.Config!.Labels!["p"]), Is.EqualTo(("arm64", "linux/arm64")));
        });
    }

    [TestCase("FROM scratch\nRUN --security=insecure true", TestName = "RUN with all rights")]
    [TestCase("FROM scratch\nRUN --mount=type=ssh true", TestName = "an agent's socket")]
    [TestCase("FROM scratch\nRUN --mount=type=cache,target=/c,uid=5 true", TestName = "a cache of another owner")]
    public async Task What_is_not_supported_is_refused_by_name(string dockerfile)
    {
        await using BuildBench bench = new();
        bench.File("f");
        BuildException refusal = await bench.RefusalAsync(dockerfile + "\n");
        Assert.That((refusal.Code, refusal.Span.Line), Is.EqualTo(("IK4005", 2)), refusal.Message);
    }
}

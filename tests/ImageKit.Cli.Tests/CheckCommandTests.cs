using System.Text.Json.Nodes;

namespace ImageKit.Cli.Tests;

[NonParallelizable]
public sealed class CheckCommandTests
{
    [Test]
    public async Task Findings_are_printed_with_their_lines_and_leave_the_exit_code_alone()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "FROM scratch AS Last\nCOPY a.md /\n");
        tool.File(".dockerignore", "*.md\n");
        var (code, output, _) = await tool.RunAsync("check", tool.Folder);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.StartWith("""
            WARNING: StageNameCasing (IK3031) - https://docs.docker.com/go/dockerfile/rule/stage-name-casing/
            Stage name 'Last' should be lowercase
            Write 'last'.
            Dockerfile:1
            --------------------
               1 | >>> FROM scratch AS Last
               2 |     COPY a.md /
            --------------------

            WARNING: CopyIgnoredFile (IK3051)
            """).And.EndWith("Check complete, 2 warnings have been found!\n"));
    }

    [TestCase("check")]
    [TestCase("format")]
    [TestCase("explain")]
    [TestCase("build --call targets -f Dockerfile")]
    public async Task Control_characters_of_a_file_do_not_reach_the_terminal_with_the_findings(string command)
    {
        using ToolRun tool = new();
        string file = tool.File("Dockerfile", "# \u001b[2J\nFROM scratch\nFRM\u001b[2J x\n");
        string[] words = command.Replace("Dockerfile", file, StringComparison.Ordinal).Split(' ');
        var (code, output, error) = await tool.RunAsync([.. words, words.Length > 1 ? tool.Folder : file]);
        // What format prints is the file itself; of it only the faults are a text of ours.
        Assert.That(command == "format" ? error : output + error, Does.Contain("FRM\\u001b[2J").And.Not.Contain("\u001b"));
        Assert.That(code, Is.EqualTo(1));
    }

    [TestCase("FROM scratch AS last\n", "", 0, "no warnings found", TestName = "nothing found")]
    [TestCase("# check=error=true\nFROM scratch AS Last\n", "", 1, "lint violation found for rules: StageNameCasing", TestName = "the file wants errors")]
    [TestCase("FROM scratch AS Last\n", "--rules error=true", 1, "lint violation", TestName = "the command line wants errors")]
    [TestCase("# check=error=true\nFROM scratch AS Last\n", "--rules skip=all", 0, "no warnings", TestName = "the command line skips rules")]
    [TestCase("# check=error=true\nFROM scratch AS Last\n", "--build-arg BUILDKIT_DOCKERFILE_CHECK=skip=all", 0, "no warnings", TestName = "the build argument skips rules")]
    [TestCase("FROM scratch\nFRM x\n", "", 1, "did you mean FROM?", TestName = "errors of the text")]
    [TestCase("FROM scratch\nARG --x A\n", "", 0, "IgnoredFlag", TestName = "a silent behaviour is a warning")]
    [TestCase("FROM scratch\nARG --x A\n", "--strict", 1, "ERROR: IgnoredFlag", TestName = "and an error if strict")]
    [TestCase("FROM base\n", "--build-context base=docker-image://a:1", 0, "no warnings", TestName = "a context is no image without a tag")]
    [TestCase("FROM a:1\n", "--rules experimental=all", 0, "UnpinnedDigest", TestName = "rules on request")]
    [TestCase("FROM scratch\n", "--target nope", 1, "target stage", TestName = "an unknown target")]
    public async Task Exit_codes(string dockerfile, string options, int expected, string part)
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", dockerfile);
        var (code, output, _) = await tool.RunAsync(["check", tool.Folder, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.That((code, output), Is.EqualTo((expected, output)));
        Assert.That(output, Does.Contain(part));
    }

    [Test]
    public async Task A_file_that_is_named_is_checked_with_its_own_ignore_file()
    {
        using ToolRun tool = new();
        string file = tool.File("deploy/web.Dockerfile", "FROM scratch\nCOPY x /\n");
        tool.File("deploy/web.Dockerfile.dockerignore", "x\n");
        var (code, output, _) = await tool.RunAsync("check", file);
        Assert.That((code, output.Contains("CopyIgnoredFile")), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task Json_is_BuildKits_with_more()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "FROM scratch\nMAINTAINER me\n");
        var (code, output, _) = await tool.RunAsync("check", tool.Folder, "--format", "json");
        JsonNode json = JsonNode.Parse(output)!;
        JsonNode warning = json["warnings"]![0]!;
        Assert.That(code, Is.Zero);
        Assert.That(warning["ruleName"]!.GetValue<string>(), Is.EqualTo("MaintainerDeprecated"));
        Assert.That(warning["location"]!["ranges"]![0]!["start"]!["line"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(warning["url"]!.GetValue<string>(), Does.EndWith("/maintainer-deprecated/"));
        Assert.That(json["sources"]![0]!["fileName"]!.GetValue<string>(), Is.EqualTo("Dockerfile"));
    }

    [Test]
    public async Task Sarif_names_rules_and_regions()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "FROM scratch AS Last\n");
        var (_, output, _) = await tool.RunAsync("check", tool.Folder, "--format", "sarif");
        JsonNode run = JsonNode.Parse(output)!["runs"]![0]!;
        JsonNode region = run["results"]![0]!["locations"]![0]!["physicalLocation"]!["region"]!;
        Assert.That(run["tool"]!["driver"]!["rules"]![0]!["name"]!.GetValue<string>(), Is.EqualTo("StageNameCasing"));
        Assert.That((region["startLine"]!.GetValue<int>(), region["startColumn"]!.GetValue<int>(), region["endColumn"]!.GetValue<int>()), Is.EqualTo((1, 17, 21)));
    }

    [Test]
    public async Task Build_check_is_the_same_check()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "FROM scratch\nMAINTAINER me\n");
        var check = await tool.RunAsync("check", tool.Folder);
        Assert.That(await tool.RunAsync("build", "--check", tool.Folder), Is.EqualTo(check));
        Assert.That(await tool.RunAsync("build", "--call", "check", tool.Folder), Is.EqualTo(check));
    }

    [Test]
    public async Task Outline_lists_what_the_target_takes()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", """
            # V which release
            ARG V=1
            ARG UNUSED=2
            FROM base:$V AS build
            ARG MODE=fast
            RUN --mount=type=secret,id=npm,required x
            # web is served
            FROM scratch AS web
            FROM scratch AS other
            ARG OTHER=3

            """);
        var (code, output, _) = await tool.RunAsync("build", "--call", "outline", "--target", "build", "--build-arg", "V=7", tool.Folder);
        Assert.That((code, output), Is.EqualTo((0, """
            TARGET: build

            BUILD ARG   VALUE   DESCRIPTION
            V           7       which release
            MODE        fast

            SECRET   REQUIRED
            npm      true


            """)));
    }

    [Test]
    public async Task Targets_are_listed()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "# build makes it\nFROM a:1 AS build\nFROM b:1\nFROM scratch AS web\n");
        var (code, output, _) = await tool.RunAsync("build", "--call", "targets", tool.Folder);
        Assert.That((code, output), Is.EqualTo((0, "TARGET          DESCRIPTION\nbuild           makes it\nweb (default)\n")));
        (_, output, _) = await tool.RunAsync("build", "--call", "targets,format=json", tool.Folder);
        Assert.That(JsonNode.Parse(output)!["targets"]![0]!["base"]!.GetValue<string>(), Is.EqualTo("a:1"));
    }

    [TestCase("--call nope", TestName = "an unknown call")]
    [TestCase("--call outline,format=sarif", TestName = "a format that a call does not have")]
    [TestCase("--format json", TestName = "a format without a call")]
    public async Task Wrong_usage(string options)
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "FROM scratch\n");
        Assert.That((await tool.RunAsync(["build", .. options.Split(' '), tool.Folder])).Code, Is.EqualTo(2));
    }

    [Test]
    public async Task Calls_of_a_faulty_file_fail()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "FROM scratch\nNOPE\n");
        var (code, _, error) = await tool.RunAsync("build", "--call", "outline", tool.Folder);
        Assert.That((code, error.Contains("IK3005")), Is.EqualTo((1, true)));
    }
}

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class OutlineTests
{
    private static BuildOutline Outline(string text, string? target = null, params (string Name, string Value)[] args)
    {
        DockerfileSyntax file = DockerfileParser.Parse(text);
        StageGraphOptions options = new() { Target = target, BuildArgs = name => args.FirstOrDefault(arg => arg.Name == name).Value, Predefined = name => name == "TARGETARCH" ? "arm64" : null };
        return BuildOutline.Of(file, StageGraph.Create(file, options), options);
    }

    private static string Arguments(BuildOutline outline) => string.Join("; ", outline.Arguments.Select(arg => $"{arg.Span.Line} {arg.Name}={arg.Value} {arg.Description}".TrimEnd()));

    [TestCase("ARG A=1\nFROM x:$A", "1 A=1", TestName = "an argument of FROM")]
    [TestCase("ARG A=1\nARG B=2\nFROM x:$A", "1 A=1", TestName = "an argument that nothing uses is left out")]
    [TestCase("ARG A=1\nARG B=${A}2\nFROM x:$B", "1 A=1; 2 B=12", TestName = "an argument that a default uses")]
    [TestCase("ARG A=1\nFROM x\nARG A", "1 A=1", TestName = "a stage that takes a global one")]
    [TestCase("ARG A=1\nFROM x\nARG A=2", "3 A=2", TestName = "a stage with a default of its own")]
    [TestCase("FROM x\nARG A\nARG B=${A:-n}", "2 A=; 3 B=n", TestName = "no value, and a default that provides for it")]
    [TestCase("FROM x AS a\nARG A=1\nFROM y\nARG B=2", "4 B=2", TestName = "stages that are not needed do not count")]
    [TestCase("FROM x AS a\nARG A=1\nFROM a\nARG B=2", "2 A=1; 4 B=2", TestName = "stages that are needed do")]
    [TestCase("# A why\nARG A=1\nFROM x:$A", "2 A=1 why", TestName = "what the comment says")]
    [TestCase("# other\n# A why\nARG A=1\nFROM x:$A", "3 A=1 why", TestName = "one line of several")]
    [TestCase("# A why\n\nARG A=1\nFROM x:$A", "3 A=1", TestName = "a comment that stands apart")]
    [TestCase("ARG A=1\nFROM x\n# A here\nARG A", "1 A=1 here", TestName = "the comment in the stage")]
    [TestCase("FROM x\nARG TARGETARCH", "2 TARGETARCH=arm64", TestName = "an argument of the platform")]
    public void Arguments_that_count(string text, string expected) => Assert.That(Arguments(Outline(text)), Is.EqualTo(expected));

    [Test]
    public void Values_that_are_given_count() =>
        Assert.That(Arguments(Outline("ARG A=1\nFROM x:$A\nARG B=2", null, ("A", "7"), ("B", "8"))), Is.EqualTo("1 A=7; 3 B=8"));

    [Test]
    public void Mounts_are_found_with_their_ids()
    {
        BuildOutline outline = Outline("""
            FROM x AS a
            ARG who=npm
            RUN --mount=type=secret,id=$who --mount=type=ssh --mount=type=cache,target=/c x
            RUN --mount=type=secret,target=/run/key --mount=type=secret,id=npm,required --mount=type=ssh,id=git,required x
            """);
        Assert.That(outline.Secrets.Select(mount => (mount.Id, mount.IsRequired, mount.Span.Line)), Is.EqualTo(new[] { ("npm", true, 3), ("key", false, 4) }));
        Assert.That(outline.SshAgents.Select(mount => (mount.Id, mount.IsRequired)), Is.EqualTo(new[] { ("default", false), ("git", true) }));
        Assert.That(outline.Caches.Select(mount => mount.Id), Is.EqualTo(new[] { "/c" }));
    }

    [Test]
    public void Targets_have_bases_and_descriptions()
    {
        DockerfileSyntax file = DockerfileParser.Parse("ARG B=img:1\n# one is first\nFROM --platform=$P $B AS one\nFROM one\nFROM scratch AS Last\n");
        StageGraph graph = StageGraph.Create(file, new() { Predefined = name => name == "P" ? "linux/arm64" : null });
        Assert.That(BuildTarget.AllOf(graph).Select(target => (target.Name, target.IsDefault, target.Description, target.Base, target.Platform, target.Span.Line)), Is.EqualTo(new[]
        {
            ("one", false, "is first", "img:1", (string?)"linux/arm64", 3),
            ("last", true, "", "scratch", null, 5),
        }));
    }

    [Test]
    public void A_file_without_stages_has_an_empty_outline() => Assert.That(Outline("").Arguments, Is.Empty);
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class StageGraphTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        CaseFile.Blocks("stages.txt").Select(block => new TestCaseData(block.Input, block.Expected).SetArgDisplayNames(block.Name));

    [TestCaseSource(nameof(Cases))]
    public void Finds_the_needed_stages(string input, string expected) => Assert.That(Run(input), Is.EqualTo(CaseFile.Decode(expected)));

    /// <summary>Lines <c>target x</c>, <c>arg a=b</c>, <c>predefined a=b</c> and <c>onbuild 0 TEXT</c> before the Dockerfile set the options.</summary>
    private static string Run(string input)
    {
        Dictionary<string, string> args = [];
        Dictionary<string, string> predefined = [];
        Dictionary<int, ImmutableArray<string>> triggers = [];
        string? target = null;
        string[] lines = input.Split('\n');
        int at = 0;
        for (; lines[at].Split(' ', 2) is ["target" or "arg" or "predefined" or "onbuild", var rest]; at++)
        {
            if (lines[at][0] == 't') target = rest;
            else if (lines[at][0] == 'o') triggers[rest[0] - '0'] = [.. triggers.GetValueOrDefault(rest[0] - '0', []), rest[2..]];
            else (lines[at][0] == 'a' ? args : predefined)[rest.Split('=')[0]] = rest.Split('=')[1];
        }

        DockerfileSyntax file = DockerfileParser.Parse(string.Join('\n', lines[at..]));
        StageGraph graph = StageGraph.Create(file, new() { Target = target, BuildArgs = args.GetValueOrDefault, Predefined = predefined.GetValueOrDefault });
        if (triggers.Count > 0) graph = graph.WithTriggers(triggers);
        return Print(graph);
    }

    private static string Print(StageGraph graph)
    {
        IEnumerable<string> stages = graph.Needed.Select(stage =>
            $"{stage.Index}{(stage.Name is null ? "" : " " + stage.Name)} from {Source(stage.Base)}{(stage.Platform is null ? "" : " on " + stage.Platform)}{Uses(graph, stage)}");
        return string.Join('\n', stages.Concat(graph.Diagnostics.Select(diagnostic => $"! {diagnostic.Span} {diagnostic.Code} {diagnostic.Message}")));
    }

    private static string Uses(StageGraph graph, Stage stage)
    {
        IEnumerable<string> copies = stage.AllInstructions.OfType<CopyInstruction>()
            .Where(copy => copy.From is not null).Select(copy => $" copy {Source(graph.Resolve(stage, copy.From!.Value.Text))}");
        IEnumerable<string> mounts = stage.AllInstructions.OfType<RunInstruction>().SelectMany(run => run.Mounts)
            .Where(mount => mount.From is not null).Select(mount => $" mount {Source(graph.Resolve(stage, mount.From!.Value.Text))}");
        string triggers = string.Concat(stage.Triggers.Select(trigger => $" trigger {trigger.Name}"));
        return string.Concat(copies) + string.Concat(mounts) + triggers;
    }

    private static string Source(StageSource source) => source switch
    {
        StageOutput output => $"stage {output.Index}",
        ScratchSource => "scratch",
        ExternalSource external => $"'{external.Name}'",
        _ => "?",
    };

    [Test]
    public void Global_arguments_have_values_for_the_stages()
    {
        DockerfileSyntax file = DockerfileParser.Parse("ARG a=1\nARG b=${a}2\nARG c\nARG TARGETARCH\nFROM x AS last");
        StageGraph graph = StageGraph.Create(file, new() { BuildArgs = name => name == "a" ? "9" : null, Predefined = name => name == "TARGETARCH" ? "arm64" : null });
        Assert.That(graph.GlobalValue("a"), Is.EqualTo("9"));
        Assert.That(graph.GlobalValue("b"), Is.EqualTo("92"));
        Assert.That(graph.GlobalValue("c"), Is.Null);
        Assert.That(graph.GlobalValue("TARGETARCH"), Is.EqualTo("arm64"));
        Assert.That(graph.GlobalValue("TARGETSTAGE"), Is.EqualTo("last"));
        Assert.That(graph.GlobalArgs.Keys, Is.EquivalentTo(["a", "b", "c", "TARGETARCH"]));
        Assert.That(graph.NearestStage("lsat"), Is.EqualTo("last"));
    }
}

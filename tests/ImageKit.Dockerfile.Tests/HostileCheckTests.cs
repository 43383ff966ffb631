using System.Globalization;

namespace ImageKit.Dockerfile.Tests;

/// <summary>Files that once made a check look at everything for everything. Work is counted in bytes of memory, which no busy machine can change.</summary>
[TestFixture]
internal sealed class HostileCheckTests
{
    // Above DidYouMean.MaxOptions, so that no search for similar names is among what is counted twice.
    private const int Count = 1500;

    private static readonly Dictionary<string, Func<int, string>> Files = new()
    {
        ["flags of one instruction"] = n => "FROM a:1\nRUN " + Many(n, "--f{0} \\\n") + "x",
        ["mounts of one instruction"] = n => "FROM a:1\nRUN " + Many(n, "--mount=target=/a{0} \\\n") + "x",
        ["misspelled stages"] = n => Many(n, "FROM a:1 AS stage{0}\nCOPY --from=debiun{0} /a /b\n"),
        ["variables that are not set"] = n => "FROM scratch\n" + Many(n, "ARG a{0}=1\nENV b{0}=$c{0}\n"),
        ["arguments that FROM does not know"] = n => Many(n, "ARG a{0}=1\n") + Many(n, "FROM x$c{0}:1\n"),
        ["volumes and what is written"] = n => "FROM a:1\n" + Many(n, "VOLUME /v{0}\nRUN touch /w{0}/x\n"),
        ["stages on one another"] = n => "FROM a:1 AS s\nARG v=1\n" + Many(n, "FROM s AS t{0}\nENV w{0}=$v\nWORKDIR x\n"),
        ["pairs of one ENV"] = n => "FROM a:1\nENV " + Many(n, "a{0}=$b{0} \\\n"),
        ["a script of many commands"] = n => "FROM a:1\nRUN <<E\n" + Many(n, "cd /a{0}\napt-get install b{0}\n") + "E\n",
        ["instructions of one kind"] = n => "FROM a:1\n" + Many(n, "CMD a{0}\n"),
        ["faults"] = n => Many(n, "x{0}\n"),
    };

    public static IEnumerable<string> Names() => Files.Keys;

    [TestCaseSource(nameof(Names))]
    public void Takes_linear_work(string name)
    {
        _ = Work(Files[name](10));
        long work = Work(Files[name](Count));
        // Dictionaries double and trees get deeper: some work grows by a little more than the input does. Quadratic work would be 16 times as much.
        Assert.That(Work(Files[name](4 * Count)), Is.LessThan((8 * work) + (1 << 20)));
    }

    [Test]
    public void Many_triggers_are_shared_by_the_stages_that_have_them()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a:1 AS b\n" + Many(1000, "ONBUILD RUN x{0}\n") + Many(1000, "FROM b\n"));
        _ = StageGraph.Create(file, new());
        long before = GC.GetAllocatedBytesForCurrentThread();
        StageGraph graph = StageGraph.Create(file, new());
        Assert.That(graph.Stages[1].Triggers, Has.Length.EqualTo(1000));
        // A list for each stage would be eight million bytes.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4_000_000));
    }

    private static string Many(int count, string line) =>
        string.Concat(Enumerable.Range(0, count).Select(i => line.Replace("{0}", i.ToString("D5", CultureInfo.InvariantCulture), StringComparison.Ordinal)));

    private static long Work(string text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = CheckTable.Run(DockerfileParser.Parse(text), new() { Directive = "experimental=all" });
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

using CsCheck;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class RoundTripTests
{
    // What matters to the parser, so that mutations hit its branches.
    private static readonly string[] Pieces =
    [
        "\n", "\r\n", "\r", " ", "\t", "\\", "\\\n", "`", "#", "# escape=`\n", "# syntax=x\n", "\"", "'", "$", "${", "}", ":-", "<<", "<<-", "<<EOF", "EOF\n",
        "[", "]", "[\"a\"]", ",", "{", "=", "--", "--from=", "--mount=type=", "\uFEFF", "\0", "\uD83D", "한", "FROM ", "RUN ", "COPY ", "ENV ", "ONBUILD ", "HEALTHCHECK ",
        "ARG ", "SHELL ", "EXPOSE ", "AS ", "\u2028", "\v", "9999999999999999999",
    ];

    private static readonly string[] Seeds = [.. TreeTests.Cases().Select(row => (string)row.Arguments[0]!)];

    private static readonly Gen<string> Mutated =
        Gen.Select(Of(Seeds), Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 12], Of(Pieces)).List[0, 8], (seed, edits) =>
        {
            string text = seed;
            foreach ((int position, int deleted, string inserted) in edits)
            {
                int at = text.Length == 0 ? 0 : position % (text.Length + 1);
                text = text.Remove(at, Math.Min(deleted, text.Length - at)).Insert(at, inserted);
            }

            return text;
        });

    [Test]
    public void Mutated_files_never_throw_and_print_as_they_were()
    {
        Mutated.Sample(
            text =>
            {
                DockerfileSyntax file = DockerfileParser.Parse(text);
                Tokens.AssertLossless(text, file);
                StageGraph graph = StageGraph.Create(file, new() { BuildArgs = _ => "x" });
                Assert.That(graph.Needed.Length, Is.LessThanOrEqualTo(graph.Stages.Length));
                Assert.That(Expansion.Expand(text, _ => null), Is.Not.Null);
                Assert.That(IgnorePatterns.Parse(text).IsIgnored("a/b", false), Is.AnyOf(true, false));
            },
            time: 6);
    }

    private static Gen<string> Of(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static readonly Dictionary<string, string> Hostile = new()
    {
        ["a megabyte of backslashes"] = "FROM a\nRUN " + new string('\\', 1 << 20),
        ["a megabyte of quotes"] = "FROM a\nRUN <<" + new string('"', 1 << 20),
        ["a megabyte of dollars"] = "FROM a\nENV a=" + new string('$', 1 << 20),
        ["a megabyte of line ends"] = new string('\n', 1 << 20),
        ["a megabyte of brackets"] = "FROM a\nRUN " + new string('[', 1 << 20),
        ["a megabyte of less-than signs"] = "FROM a\nRUN " + new string('<', 1 << 20),
        ["a megabyte of equals signs"] = "FROM a\nENV " + new string('=', 1 << 20),
        ["a megabyte of hashes"] = new string('#', 1 << 20),
        ["a megabyte of blanks"] = "FROM a\nCOPY " + new string(' ', 1 << 20),
        ["a megabyte of dashes"] = "FROM a\nRUN " + new string('-', 1 << 20),
        ["a megabyte of a letter"] = new string('a', 1 << 20),
        ["a megabyte of commas in a mount"] = "FROM a\nRUN --mount=" + new string(',', 1 << 20) + " a",
        ["continuations"] = "FROM a\nRUN a " + string.Concat(Enumerable.Repeat("\\\n", 1 << 19)),
        ["words"] = "FROM a\nCOPY " + string.Concat(Enumerable.Repeat("a ", 1 << 19)),
        ["short words in continued lines"] = "FROM a\nCOPY " + string.Concat(Enumerable.Repeat("a \\\n", 1 << 18)) + "b",
        ["heredocs"] = "FROM a\nCOPY " + string.Concat(Enumerable.Repeat("<<A ", 1 << 15)) + "/x\n" + string.Concat(Enumerable.Repeat("A\n", 1 << 15)),
        ["opened substitutions"] = "FROM " + string.Concat(Enumerable.Repeat("${a:-", 1 << 18)),
        ["stages, each on the one before"] = "FROM a AS s0\n" + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"FROM s{i - 1} AS s{i}\n")),
        ["stages, each copying from the one before"] = "FROM a AS s0\n" + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"FROM a AS s{i}\nCOPY --from=s{i - 1} a b\n")),
        ["stages of one name"] = string.Concat(Enumerable.Repeat("FROM a AS a\n", 10_000)),
        ["arguments"] = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"ARG a{i}=${{a{i - 1}}}\n")) + "FROM a",
    };

    [TestCaseSource(nameof(HostileNames))]
    public void Hostile_input_takes_linear_time(string name)
    {
        string text = Hostile[name];
        CpuWatch watch = new();
        DockerfileSyntax file = DockerfileParser.Parse(text);
        StageGraph graph = StageGraph.Create(file, new());
        TimeSpan elapsed = watch.Elapsed;
        Assert.That(file.ToString(), Is.EqualTo(text));
        Assert.That(graph.Stages.Length, Is.GreaterThanOrEqualTo(0));
        // Linear work takes about a tenth of this; collecting garbage on a busy machine may take the rest. Quadratic work would take minutes.
        Assert.That(elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        TestContext.Out.WriteLine($"{name}: {elapsed.TotalMilliseconds:0} ms");
    }

    public static IEnumerable<string> HostileNames() => Hostile.Keys;
}

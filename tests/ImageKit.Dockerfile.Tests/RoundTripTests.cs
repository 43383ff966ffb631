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
    public void A_hundred_thousand_mutated_files_never_throw_and_print_as_they_were()
    {
        Mutated.Sample(
            text =>
            {
                DockerfileSyntax file = DockerfileParser.Parse(text);
                Tokens.AssertLossless(text, file);
                StageGraph graph = StageGraph.Create(file, new() { BuildArgs = _ => "x" });
                if (graph.Needed.Length > graph.Stages.Length) throw new AssertionException(text);
                _ = Expansion.Expand(text, _ => null);
                _ = IgnorePatterns.Parse(text).IsIgnored("a/b", false);
                _ = GitReference.TryParse(text);
                foreach (Instruction instruction in file.Instructions) Touch(instruction);
            },
            iter: 100_000);
    }

    // What is split or made when it is asked for.
    private static void Touch(Instruction instruction)
    {
        _ = TreeDump.Describe(instruction);
        if (instruction is RunInstruction run) _ = run.Mounts.Select(mount => mount.Resolve(_ => "x", '\\')).Count();
    }

    [Test]
    public void Large_files_give_the_same_instructions_as_small_ones()
    {
        string small = "# escape=`\n# check=skip=all\nARG a\nFROM x AS y\n# about\nRUN --mount=type=cache,target=/x a `\n b <<E\nbody\nE\nCOPY a b\n";
        string large = small + new string('\n', 1 << 20);
        DockerfileSyntax file = DockerfileParser.Parse(large);
        Assert.That(TreeDump.Print(file), Is.EqualTo(TreeDump.Print(DockerfileParser.Parse(small))));
        Tokens.AssertLossless(large, file);
    }

    private static Gen<string> Of(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static readonly Dictionary<string, string> Hostile = new()
    {
        ["much of backslashes"] = "FROM a\nRUN " + new string('\\', 1 << 18),
        ["much of quotes"] = "FROM a\nRUN <<" + new string('"', 1 << 18),
        ["much of dollars"] = "FROM a\nENV a=" + new string('$', 1 << 18),
        ["much of line ends"] = new string('\n', 1 << 18),
        ["much of brackets"] = "FROM a\nRUN " + new string('[', 1 << 18),
        ["much of less-than signs"] = "FROM a\nRUN " + new string('<', 1 << 18),
        ["much of equals signs"] = "FROM a\nENV " + new string('=', 1 << 18),
        ["much of hashes"] = new string('#', 1 << 18),
        ["much of blanks"] = "FROM a\nCOPY " + new string(' ', 1 << 18),
        ["much of dashes"] = "FROM a\nRUN " + new string('-', 1 << 18),
        ["much of a letter"] = new string('a', 1 << 18),
        ["much of commas in a mount"] = "FROM a\nRUN --mount=" + new string(',', 1 << 18) + " a",
        ["continuations"] = "FROM a\nRUN a " + string.Concat(Enumerable.Repeat("\\\n", 1 << 17)),
        ["words"] = "FROM a\nCOPY " + string.Concat(Enumerable.Repeat("a ", 1 << 17)),
        ["short words in continued lines"] = "FROM a\nCOPY " + string.Concat(Enumerable.Repeat("a \\\n", 1 << 16)) + "b",
        ["heredocs"] = "FROM a\nCOPY " + string.Concat(Enumerable.Repeat("<<A ", 1 << 13)) + "/x\n" + string.Concat(Enumerable.Repeat("A\n", 1 << 13)),
        ["opened substitutions"] = "FROM " + string.Concat(Enumerable.Repeat("${a:-", 1 << 18)),
        ["stages, each on the one before"] = "FROM a AS s0\n" + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"FROM s{i - 1} AS s{i}\n")),
        ["stages, each copying from the one before"] = "FROM a AS s0\n" + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"FROM a AS s{i}\nCOPY --from=s{i - 1} a b\n")),
        ["stages of one name"] = string.Concat(Enumerable.Repeat("FROM a AS a\n", 10_000)),
        ["arguments"] = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"ARG a{i}=${{a{i - 1}}}\n")) + "FROM a",
    };

    // Work is counted in bytes of memory, which no busy machine can change. Large files are read twice, so four times the input may take eight
    // times of it; quadratic work would take sixteen.
    [TestCaseSource(nameof(HostileNames))]
    public void Hostile_input_takes_linear_work(string name)
    {
        string text = Hostile[name];
        _ = Work(text);
        (long work, DockerfileSyntax file) = Work(text);
        Assert.That(file.ToString(), Is.EqualTo(text));
        Assert.That(work, Is.LessThan(1000L * text.Length));
        Assert.That(Work(text + text + text + text).Work, Is.LessThan((10 * work) + (1 << 20)));
    }

    private static (long Work, DockerfileSyntax File) Work(string text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        DockerfileSyntax file = DockerfileParser.Parse(text);
        _ = StageGraph.Create(file, new());
        return (GC.GetAllocatedBytesForCurrentThread() - before, file);
    }

    public static IEnumerable<string> HostileNames() => Hostile.Keys;

    public static IEnumerable<char> Characters() => "\\\"'`$\n\r\t\v [{<(=#-+:;,./!?*%@&|~^a0\0\u00A0\uD83D\uFEFF한".Distinct();

    [TestCaseSource(nameof(Characters))]
    public void A_megabyte_of_one_character_takes_linear_work(char c)
    {
        string[] before = ["", "FROM ", "ARG ", "FROM a\nRUN ", "FROM a\nRUN <<", "FROM a\nRUN --mount=", "FROM a\nCOPY ", "FROM a\nENV a=", "FROM a\nCMD [", "FROM a\nHEALTHCHECK CMD "];
        foreach (string start in before)
        {
            string text = start + new string(c, 1 << 20);
            (long work, DockerfileSyntax file) = Work(text);
            Assert.That(file.ToString(), Is.EqualTo(text));
            Assert.That(work, Is.LessThan(200L * text.Length), start);
        }

        Assert.That(Expansion.Expand(new string(c, 1 << 20), _ => null), Is.Not.Null);
        Assert.That(IgnorePatterns.Parse(new string(c, 1 << 20)).IsIgnored("a/b", false), Is.False);
    }

    [Test]
    public void The_longest_line_is_read_and_a_longer_one_is_a_fault()
    {
        string longest = "FROM a\nLABEL a=" + new string('a', 65535 - "LABEL a=".Length);
        Assert.That(DockerfileParser.Parse(longest + "\nUSER x").Diagnostics, Is.Empty);
        Assert.That(DockerfileParser.Parse(longest + "a").Diagnostics[0].Message, Is.EqualTo("dockerfile line greater than max allowed size of 65535"));
    }
}

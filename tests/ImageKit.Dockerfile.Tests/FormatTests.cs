using CsCheck;

namespace ImageKit.Dockerfile.Tests;

/// <summary>Cases of <c>format.txt</c>; the name of a case may end in options: <c>[sorted]</c>, <c>[lower]</c>.</summary>
[TestFixture]
internal sealed class FormatTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        CaseFile.Blocks("format.txt").Select(block => new TestCaseData(block.Name, block.Input, block.Expected).SetArgDisplayNames(block.Name));

    [TestCaseSource(nameof(Cases))]
    public void Formats(string name, string input, string expected)
    {
        FormatOptions options = new() { SortLists = name.EndsWith("[sorted]"), IsLowerCase = name.EndsWith("[lower]") };
        FormatResult once = DockerfileFormat.Format(DockerfileParser.Parse(input), options);
        Assert.That(once.Diagnostics, Is.Empty);
        Assert.That(CaseFile.Encode(once.Text), Is.EqualTo(CaseFile.Encode(CaseFile.Decode(expected) + (input.Contains('\r') ? "\r\n" : "\n"))));
        FormatResult twice = DockerfileFormat.Format(DockerfileParser.Parse(once.Text), options);
        Assert.That((twice.Text, twice.IsChanged), Is.EqualTo((once.Text, false)), "formatting again");
    }

    /// <summary>Real-looking files and all inputs of the other tables: formatted, they mean the same, and formatting again changes nothing.</summary>
    public static IEnumerable<string> Everything() =>
        Directory.EnumerateFiles(CaseFile.PathOf("files")).Where(path => path.EndsWith(".Dockerfile", StringComparison.Ordinal)).Select(File.ReadAllText)
            .Concat(new[] { "instructions.txt", "lines.txt", "heredocs.txt", "checks.txt", "flags.txt", "stages.txt" }.SelectMany(CaseFile.Blocks).Select(block => block.Input));

    [Test]
    public void Formatting_never_changes_what_files_mean()
    {
        foreach (string text in Everything())
        {
            DockerfileSyntax file = DockerfileParser.Parse(text);
            FormatResult result = DockerfileFormat.Format(file);
            if (file.HasErrors)
            {
                Assert.That((result.Text, result.IsChanged), Is.EqualTo((text, false)));
                continue;
            }

            Assert.That(result.Diagnostics, Is.Empty, text);
            Assert.That(DockerfileMeaning.AreSame(file, DockerfileParser.Parse(result.Text)), Is.True, text);
            Assert.That(DockerfileFormat.Format(DockerfileParser.Parse(result.Text)).Text, Is.EqualTo(result.Text), text);
        }
    }

    [Test]
    public void Files_put_together_from_odd_pieces_keep_their_meaning()
    {
        string[] pieces =
        [
            "FROM a", " as b", "\n", "run x", " \\\n", "\\\n", "  ", "\t", "'", "\"", "$(", ")", "`", "# c\n", "copy a b /c/", "env A=1", "ENV A b", " <<E\n", "E\n", "&& y",
            "label a='b", "CMD [\"a\",", "\"b\"]", "healthcheck cmd z", "onbuild run q", "\r\n", "# escape=`\n", "shell [\"cmd\"]", "workdir /x", "\\\\", "\n\n",
        ];
        Gen.Int[0, pieces.Length - 1].Array[1, 25].Sample(
            picks =>
            {
                string text = "FROM s\n" + string.Concat(picks.Select(pick => pieces[pick]));
                FormatResult result = DockerfileFormat.Format(DockerfileParser.Parse(text));
                return result.Diagnostics.All(diagnostic => diagnostic.Code != "IK3091")
                    && DockerfileFormat.Format(DockerfileParser.Parse(result.Text)).Text == result.Text;
            },
            iter: 20_000,
            print: picks => CaseFile.Encode(string.Concat(picks.Select(pick => pieces[pick]))));
    }

    [TestCase("FROM a\nRUN b   c", "FROM a\nrun b c", true, TestName = "blanks of a shell command and the case of instructions mean nothing")]
    [TestCase("FROM a\nRUN b 'c  d'", "FROM a\nRUN b 'c d'", false, TestName = "blanks in quotes mean something")]
    [TestCase("FROM a\nWORKDIR /b  c", "FROM a\nWORKDIR /b c", false, TestName = "blanks in a path mean something")]
    [TestCase("FROM a\nSHELL [\"cmd\"]\nRUN b  c", "FROM a\nSHELL [\"cmd\"]\nRUN b c", false, TestName = "blanks for other shells mean something")]
    [TestCase("FROM a\nRUN b c", "FROM a\nRUN c b", false, TestName = "the order of words means something")]
    [TestCase("FROM a\nRUN b", "FROM a\nCMD b", false, TestName = "another instruction")]
    [TestCase("FROM a\n# x is\nARG x", "FROM a\nARG x", false, TestName = "descriptions count")]
    [TestCase("FROM a\n\n# note\n\nRUN x", "FROM a\nRUN x", true, TestName = "other comments do not")]
    [TestCase("FROM a", "FROM a\nRUN b", false, TestName = "one instruction more")]
    [TestCase("FROM a\nRUN <<E\n a\nE", "FROM a\nRUN <<E\na\nE", false, TestName = "heredocs count to the blank")]
    [TestCase("# escape=`\nFROM a", "FROM a", false, TestName = "directives count")]
    public void Meaning(string one, string other, bool same) =>
        Assert.That(DockerfileMeaning.AreSame(DockerfileParser.Parse(one), DockerfileParser.Parse(other)), Is.EqualTo(same));
}

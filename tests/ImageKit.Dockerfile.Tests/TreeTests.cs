namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class TreeTests
{
    private static readonly string[] Files = ["lines.txt", "directives.txt", "instructions.txt", "flags.txt", "heredocs.txt", "faults.txt"];

    public static IEnumerable<TestCaseData> Cases() =>
        from file in Files
        from block in CaseFile.Blocks(file)
        select new TestCaseData(block.Input, block.Expected).SetArgDisplayNames($"{Path.GetFileNameWithoutExtension(file)}: {block.Name}");

    [TestCaseSource(nameof(Cases))]
    public void Parses_to_the_tree(string input, string expected)
    {
        DockerfileSyntax file = DockerfileParser.Parse(input);
        Assert.That(TreeDump.Print(file), Is.EqualTo(expected));
        Tokens.AssertLossless(input, file);
    }

    /// <summary>Writes what the parser gives now beside the tables, to be read and compared by eye before it replaces them.</summary>
    [Test, Explicit("writes files")]
    public void Write_the_tables_anew([ValueSource(nameof(Files))] string name)
    {
        IEnumerable<string> blocks = CaseFile.Blocks(name).Select(block =>
            $"=== {block.Name}\n{block.RawInput}---\n{TreeDump.Print(DockerfileParser.Parse(block.Input))}\n");
        File.WriteAllText(CaseFile.PathOf(name) + ".actual", string.Join('\n', blocks));
    }
}

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
}

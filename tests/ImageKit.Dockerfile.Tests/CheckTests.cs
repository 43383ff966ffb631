using System.Collections.Immutable;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class CheckTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        CaseFile.Blocks("checks.txt").Select(block => new TestCaseData(block.Input, block.Expected).SetArgDisplayNames(block.Name));

    [TestCaseSource(nameof(Cases))]
    public void Finds_violations(string input, string expected) => Assert.That(Print(CheckTable.Run(DockerfileParser.Parse(input), new())), Is.EqualTo(expected));

    private static string Print(CheckReport report) => string.Join(
        '\n', report.Diagnostics.Select(found => $"{found.Span} {found.Rule}: {found.Message}").Concat(report.Failure is { } failure ? [failure] : []));

    [Test]
    public void The_build_argument_replaces_the_directive()
    {
        DockerfileSyntax file = DockerfileParser.Parse("# check=skip=all\nFROM a AS B");
        Assert.That(CheckTable.Run(file, new()).Diagnostics, Is.Empty);
        Assert.That(CheckTable.Run(file, new() { Directive = "error=true" }).Failure, Is.EqualTo("lint violation found for rules: StageNameCasing"));
    }

    [Test]
    public void Stages_that_the_build_does_not_reach_are_checked_in_part()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a AS One\nCMD x\nFROM b\nCMD y");
        CheckReport report = CheckTable.Run(file, new() { ReachedStages = [1] });
        Assert.That(Print(report), Does.StartWith("1:11 StageNameCasing").And.EndWith(" OS signals"));
        Assert.That(report.Diagnostics.Select(found => found.Span.Line), Is.EqualTo([1, 4]));
    }

    [Test]
    public void Variables_of_a_known_image_are_set()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM img\nWORKDIR $HOME_OF_X\nUSER $NOBODY");
        CheckReport report = CheckTable.Run(file, new() { ImageVariables = name => name == "img" ? ["HOME_OF_X"] : null });
        Assert.That(Print(report), Is.EqualTo("3:6 UndefinedVar: Usage of undefined variable '$NOBODY'"));
    }

    [Test]
    public void Own_checks_run_beside_the_others()
    {
        Check mine = new("MY0001", "NoRoot", "Nobody is root", file =>
            file.Syntax.Instructions.OfType<UserInstruction>().Where(user => user.User.Text == "root").Select(user => new Violation(user.Span, "root again")));
        CheckReport report = CheckTable.Run(DockerfileParser.Parse("FROM a\nUSER root\n# check=skip=NoRoot\nUSER root"), new(), [.. CheckTable.All, mine]);
        Assert.That(Print(report), Is.EqualTo("2:1 NoRoot: root again"));
    }

    [Test]
    public void Every_check_has_a_code_and_a_name_of_its_own()
    {
        ImmutableArray<Check> all = CheckTable.All;
        Assert.That(all.Select(check => check.Code), Is.Unique);
        Assert.That(all.Select(check => check.Name), Is.Unique);
    }
}

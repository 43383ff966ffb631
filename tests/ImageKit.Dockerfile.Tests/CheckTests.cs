using System.Collections.Immutable;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class CheckTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        CaseFile.Blocks("checks.txt").Select(block => new TestCaseData(block.Input, block.Expected).SetArgDisplayNames(block.Name));

    [TestCaseSource(nameof(Cases))]
    public void Finds_violations(string input, string expected) => Assert.That(Print(CheckTable.Run(DockerfileParser.Parse(input), new(), CheckTable.BuildKit)), Is.EqualTo(expected));

    private static string Print(CheckReport report) => string.Join(
        '\n', report.Diagnostics.Select(found => $"{found.Span} {found.Rule}: {found.Message}").Concat(report.Failure is { } failure ? [failure] : []));

    [Test]
    public void The_build_argument_replaces_the_directive()
    {
        DockerfileSyntax file = DockerfileParser.Parse("# check=skip=all\nFROM a AS B");
        Assert.That(CheckTable.Run(file, new()).Diagnostics, Is.Empty);
        Assert.That(CheckTable.Run(file, new() { Directive = "error=true" }, CheckTable.BuildKit).Failure, Is.EqualTo("lint violation found for rules: StageNameCasing"));
    }

    [Test]
    public void An_option_of_the_build_argument_that_is_none_is_an_error()
    {
        CheckReport report = CheckTable.Run(DockerfileParser.Parse("FROM a:1 AS b"), new() { Directive = "skp=a" });
        Assert.That(report.Diagnostics.Select(found => (found.Severity, found.Message)), Is.EqualTo([(Severity.Error, "invalid check option \"skp\"")]));
    }

    [Test]
    public void Stages_that_the_build_does_not_reach_are_checked_in_part()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a AS One\nCMD x\nFROM b\nCMD y");
        CheckReport report = CheckTable.Run(file, new() { ReachedStages = [1] }, CheckTable.BuildKit);
        Assert.That(Print(report), Does.StartWith("1:11 StageNameCasing").And.EndWith(" OS signals"));
        Assert.That(report.Diagnostics.Select(found => found.Span.Line), Is.EqualTo([1, 4]));
    }

    [Test]
    public void Variables_of_a_known_image_are_set()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM img\nWORKDIR $HOME_OF_X\nUSER $NOBODY");
        CheckReport report = CheckTable.Run(file, new() { ImageVariables = name => name == "img" ? ["HOME_OF_X"] : null }, CheckTable.BuildKit);
        Assert.That(Print(report), Is.EqualTo("3:6 UndefinedVar: Usage of undefined variable '$NOBODY'"));
    }

    [Test]
    public void Own_checks_run_beside_the_others()
    {
        Check mine = new("MY0001", "NoRoot", "Nobody is root", file =>
            file.Syntax.Instructions.OfType<UserInstruction>().Where(user => user.User.Text == "root").Select(user => new Violation(user.Span, "root again")));
        CheckReport report = CheckTable.Run(DockerfileParser.Parse("FROM a:1\nUSER root\n# check=skip=NoRoot\nUSER root"), new(), [.. CheckTable.All, mine]);
        Assert.That(Print(report), Is.EqualTo("2:1 NoRoot: root again"));
    }

    [Test]
    public void Every_check_has_a_code_and_a_name_of_its_own()
    {
        ImmutableArray<Check> all = CheckTable.All;
        Assert.That(all.Select(check => check.Code), Is.Unique);
        Assert.That(all.Select(check => check.Name), Is.Unique);
    }

    [Test]
    public void BuildKit_has_22_checks() => Assert.That(CheckTable.BuildKit, Has.Length.EqualTo(22));

    [TestCase("StageNameCasing", "stage-name-casing")]
    [TestCase("JSONArgsRecommended", "json-args-recommended")]
    [TestCase("SecretsUsedInArgOrEnv", "secrets-used-in-arg-or-env")]
    public void Slugs_are_those_of_BuildKits_pages(string name, string slug) => Assert.That(CheckTable.Find(name)!.Slug, Is.EqualTo(slug));

    [Test]
    public void Strict_makes_errors_of_what_others_do_silently_and_of_nothing_else()
    {
        DockerfileSyntax file = DockerfileParser.Parse("FROM a:1\nARG --x V\nMAINTAINER me");
        CheckReport report = CheckTable.Run(file, new() { Strict = true });
        Assert.That(report.Diagnostics.Select(found => (found.Rule, found.Severity)), Is.EqualTo(new[] { ("IgnoredFlag", Severity.Error), ("MaintainerDeprecated", Severity.Warning) }));
        Assert.That(report.Failure, Is.EqualTo("lint violation found for rules: IgnoredFlag"));
        Assert.That(CheckTable.Run(file, new()).FailsBuild, Is.False);
    }

    [Test]
    public void Checks_of_ten_thousand_stages_end() =>
        Assert.That(CheckTable.Run(DockerfileParser.Parse(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"FROM {(i == 0 ? "a:1" : $"s{i - 1}")} AS s{i}\nARG A=1\n"))), new()).Diagnostics, Is.Empty);
}

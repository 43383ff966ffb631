using AddACheck;

namespace ImageKit.Dockerfile.Tests;

/// <summary>What <c>docs/checks.md</c> says is so: every rule has a section, its first example breaks it, the second does not. And the sample works.</summary>
[TestFixture]
internal sealed class CheckPageTests
{
    public static IEnumerable<string> Names() => CheckTable.All.Select(check => check.Name);

    [TestCaseSource(nameof(Names))]
    public void Every_rule_is_described_and_its_examples_are_true(string name)
    {
        string page = CaseFile.Read("checks.md");
        Check check = CheckTable.Find(name)!;
        int start = page.IndexOf($"\n### {name}\n", StringComparison.Ordinal);
        Assert.That(start, Is.Positive, "there is no section");
        string section = page[(start + 1)..].Split("\n### ")[0].Split("\n## ")[0];
        Assert.That(section, Does.Contain(check.Code).And.Contain(check.Title).And.Contain("- What: ").And.Contain("- Why: ").And.Contain("- Mend: "));
        Assert.That(section.Contains("*silent*"), Is.EqualTo(check.IsSilentElsewhere));
        Assert.That(section.Contains("*on request*"), Is.EqualTo(check.IsExperimental));
        string[] examples = [.. section.Split("```dockerfile\n").Skip(1).Select(part => part.Split("\n```")[0])];
        Assert.That(examples, Has.Length.EqualTo(2));
        Assert.That((Breaks(check, examples[0]), Breaks(check, examples[1])), Is.EqualTo((true, false)));
        Assert.That(examples.Select(DockerfileParser.Parse).Any(file => file.HasErrors), Is.False);
    }

    [Test]
    public void The_samples_checks_run_beside_the_others()
    {
        CheckReport report = CheckTable.Run(DockerfileParser.Parse(CaseFile.Read("AddACheck.Dockerfile")), new(), [.. CheckTable.All, HouseChecks.OwnBases, HouseChecks.NobodyIsRoot]);
        Assert.That(report.Diagnostics.Select(found => $"{found.Span.Line} {found.Rule}"), Is.EqualTo(new[] { "2 LostShellState", "3 OwnBases", "6 NobodyIsRoot" }));
    }

    private static bool Breaks(Check check, string text) => !CheckTable.Run(
        DockerfileParser.Parse(text),
        new()
        {
            Ignore = IgnorePatterns.Parse("*.md"),
            CountMatches = source => source.EndsWith(".none", StringComparison.Ordinal) ? 0 : null,
            FindBase = stage => stage.From.Image.Text.Contains("amd64-only") ? new("amd64-only", "linux/amd64", "linux/arm64") : null,
        },
        [check with { IsExperimental = false }]).Diagnostics.IsEmpty;
}

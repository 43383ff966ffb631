namespace ImageKit.Dockerfile.Tests;

/// <summary>
/// Rows of <c>check-rows.txt</c>: under <c>RULE Name</c>, a Dockerfile and the places where that rule finds something. <c>IGNORE</c>, <c>MATCHES</c>,
/// <c>CONTEXT</c>, <c>VARIABLES</c>, <c>BASE</c> and <c>STRICT</c> set what the caller knows, until the next rule.
/// </summary>
[TestFixture]
internal sealed class CheckRowTests
{
    private sealed record Row(string Rule, string Input, string Expected, CheckOptions Options, int Line);

    public static IEnumerable<TestCaseData> Cases() =>
        Rows().Select(row => new TestCaseData(row.Rule, row.Input, row.Expected, row.Options).SetArgDisplayNames($"{row.Line} {row.Rule}: {row.Input}"));

    [TestCaseSource(nameof(Cases))]
    public void Finds(string rule, string input, string expected, CheckOptions options)
    {
        Check check = CheckTable.Find(rule)! with { IsExperimental = false };
        CheckReport report = CheckTable.Run(DockerfileParser.Parse(input), options, [check]);
        Assert.That(string.Join(' ', report.Diagnostics.Select(found => found.Span)), Is.EqualTo(expected));
    }

    [Test]
    public void Every_rule_has_rows_where_it_finds_something_and_rows_where_it_does_not()
    {
        ILookup<string, Row> rows = Rows().ToLookup(row => row.Rule);
        foreach (Check check in CheckTable.All)
        {
            Assert.That(rows[check.Name].Any(row => row.Expected.Length > 0), Is.True, $"{check.Name} fires nowhere");
            Assert.That(rows[check.Name].Any(row => row.Expected.Length == 0), Is.True, $"{check.Name} fires everywhere");
        }
    }

    [Test]
    public void There_are_rows_enough() => Assert.That(Rows().Count(), Is.GreaterThanOrEqualTo(200));

    private static IEnumerable<Row> Rows()
    {
        string rule = "";
        CheckOptions options = new();
        int number = 0;
        foreach (string line in CaseFile.Read("check-rows.txt").Split('\n'))
        {
            number++;
            if (line.Length == 0 || line.StartsWith("## ", StringComparison.Ordinal)) continue;
            int arrow = line.IndexOf(" ==>", StringComparison.Ordinal);
            if (arrow >= 0)
            {
                yield return new(rule, CaseFile.Decode(line[..arrow]), line[(arrow + 4)..].Trim(), options, number);
                continue;
            }

            string[] parts = line.Split(' ', 2);
            if (parts[0] == "RULE") (rule, options) = (parts[1], new());
            else options = With(options, parts[0], CaseFile.Decode(parts[1]));
        }
    }

    private static CheckOptions With(CheckOptions options, string name, string value) => name switch
    {
        "IGNORE" => options with { Ignore = IgnorePatterns.Parse(value) },
        "MATCHES" => options with { CountMatches = source => source == value.Split(' ')[0] ? int.Parse(value.Split(' ')[1]) : options.CountMatches(source) },
        "CONTEXT" => options with { NamedContexts = [.. options.NamedContexts, value] },
        "VARIABLES" => options with { ImageVariables = image => image == value.Split(' ')[0] ? value.Split(' ')[1..] : null },
        "BASE" => options with { FindBase = _ => new(value.Split(' ')[0], value.Split(' ')[1], value.Split(' ')[2]) },
        "DIRECTIVE" => options with { Directive = value },
        "TARGET" => options with { Target = value },
        "REACHED" => options with { ReachedStages = [.. value.Split(' ').Select(int.Parse)] },
        _ => throw new InvalidDataException(name),
    };
}

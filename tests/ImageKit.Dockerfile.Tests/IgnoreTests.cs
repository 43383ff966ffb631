namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class IgnoreTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        from block in CaseFile.Blocks("ignore.txt")
        from line in block.Expected.Split('\n')
        select new TestCaseData(block.Input, line).SetArgDisplayNames($"{block.Name}: {line}");

    [TestCaseSource(nameof(Cases))]
    public void Matches(string patterns, string expected)
    {
        IgnorePatterns ignore = IgnorePatterns.Parse(patterns);
        string[] parts = CaseFile.Decode(expected).Split(' ', 2);
        bool actual = parts[0] switch
        {
            "ignored" => ignore.IsIgnored(parts[1], false),
            "kept" => !ignore.IsIgnored(parts[1], false),
            "skip" => ignore.CanSkipDirectory(parts[1]),
            "enter" => !ignore.CanSkipDirectory(parts[1]),
            "fault" => ignore.Diagnostics.Any(diagnostic => $"{diagnostic.Span} {diagnostic.Message}" == parts[1]),
            _ => false,
        };
        Assert.That(actual, Is.True);
        Assert.That(ignore.Diagnostics, parts[0] == "fault" ? Is.Not.Empty : Is.Empty);
    }

    public static IEnumerable<TestCaseData> Pairs() =>
        CaseFile.Rows("ignore-pairs.txt").Select(row => new TestCaseData(row.Left, row.Right).SetArgDisplayNames($"line {row.Line}: {row.Left}"));

    /// <summary>Rows <c>PATTERN[,PATTERN…] PATH</c>.</summary>
    [TestCaseSource(nameof(Pairs))]
    public void Matches_as_the_peers_do(string row, string expected)
    {
        string[] parts = row.Split(' ');
        IgnorePatterns ignore = IgnorePatterns.Parse(parts[0].Replace(',', '\n'));
        Assert.That(ignore.Diagnostics.IsEmpty ? ignore.IsIgnored(parts[1], false) ? "yes" : "no" : "fault", Is.EqualTo(expected));
    }

    [Test]
    public void Many_patterns_cost_a_path_no_more_than_one()
    {
        string patterns = string.Join('\n', Enumerable.Range(0, 200).Select(i => (i % 8) switch
        {
            0 => $"dir{i}/sub",
            1 => $"**/*.ext{i}",
            2 => $"!keep{i}/**/x",
            3 => $"*/name{i}*",
            4 => $"**/node{i}",
            5 => $"a?c{i}/[a-z]*",
            6 => $"src/**/gen{i}/*.cs",
            _ => $"!**/important{i}.txt",
        }));
        string[] paths = [.. Enumerable.Range(0, 100_000).Select(i => $"src/project{i % 97}/folder{i % 1009}/file{i}.{(i % 3 == 0 ? "cs" : "ext" + (i % 200))}")];
        IgnorePatterns ignore = IgnorePatterns.Parse(patterns);
        int ignored = paths.Count(path => ignore.IsIgnored(path, false));
        Assert.That(ignored, Is.GreaterThan(0));
        // All other characters of the three million are one look into a table each.
        Assert.That(ignore.SlowSteps, Is.LessThan(20_000));
    }

    [Test]
    public void Names_that_make_ever_new_states_are_matched_right_in_bounded_memory()
    {
        IgnorePatterns ignore = IgnorePatterns.Parse("**/*a" + new string('?', 12) + "b");
        Random random = new(1);
        for (int i = 0; i < 500; i++)
        {
            string name = string.Concat(Enumerable.Range(0, 40).Select(_ => "ab"[random.Next(2)]));
            Assert.That(ignore.IsIgnored("x/" + name, false), Is.EqualTo(name[^1] == 'b' && name[^14] == 'a'), name);
        }

        Assert.That(ignore.SlowSteps, Is.LessThanOrEqualTo(500 * 42));
    }

    [Test]
    public void A_line_longer_than_any_path_is_a_fault() =>
        Assert.That(IgnorePatterns.Parse(new string('a', 65536)).Diagnostics[0].Message, Is.EqualTo("a line is longer than 65535 characters"));

    [Test]
    public void Many_threads_may_ask_at_once()
    {
        IgnorePatterns ignore = IgnorePatterns.Parse("**/*.o\n!**/k*.o\nbin\n");
        Parallel.For(0, 20_000, i =>
        {
            Assert.That(ignore.IsIgnored($"d{i}/f{i}.o", false), Is.True);
            Assert.That(ignore.IsIgnored($"d{i}/k{i}.o", false), Is.False);
        });
    }

    [Test]
    public void Patterns_of_a_flag_know_no_comments()
    {
        IgnorePatterns exclude = IgnorePatterns.Of(["#a", "*.md", "!b.md"]);
        Assert.That(exclude.IsIgnored("#a", false), Is.True);
        Assert.That(exclude.IsIgnored("a.md", false), Is.True);
        Assert.That(exclude.IsIgnored("b.md", false), Is.False);
        Assert.That(IgnorePatterns.Of(["["]).Diagnostics[0].Message, Is.EqualTo("syntax error in pattern"));
    }
}

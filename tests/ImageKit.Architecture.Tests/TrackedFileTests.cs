using System.Text.RegularExpressions;

namespace ImageKit.Architecture.Tests;

/// <summary>What is committed: nothing of one machine, no package host, and a table of errors that is whole.</summary>
internal sealed partial class TrackedFileTests
{
    // Joined here, so that this file holds none of them.
    private static readonly string[] Forbidden =
    [
        string.Join('.', "nuget", "org"), string.Join('.', "pypi", "org"), string.Join('.', "crates", "io"), string.Join('.', "npmjs", "org"),
        string.Join('.', "npmjs", "com"), string.Join('.', "deb", "debian", "org"), string.Join('/', "", "work", "main"),
        string.Join('/', "", "work", "wt"), string.Join('/', "", "work", "tmp"), string.Join('/', "", "work", "shared"),
    ];

    [Test]
    public void No_tracked_file_names_a_package_host_or_a_path_of_one_machine()
    {
        IEnumerable<string> offenders = from path in Repository.Tracked()
                                        let text = File.ReadAllText(Path.Combine(Repository.Root, path))
                                        from word in Forbidden
                                        where text.Contains(word, StringComparison.OrdinalIgnoreCase)
                                        select $"{path}: {word}";
        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void The_package_sources_name_no_host() =>
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "nuget.config")), Does.Not.Contain("://"));

    [Test]
    public void The_table_of_errors_lists_every_code_of_the_source_and_no_other()
    {
        string[] used = [.. Repository.Sources.SelectMany(file => Code().Matches(file.Text)).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];
        string[] rows = [.. Row().Matches(ErrorTable()).Select(match => match.Groups[1].Value)];
        Assert.Multiple(() =>
        {
            Assert.That(used.Except(rows), Is.Empty, "codes of src/ that docs/errors.md lacks");
            Assert.That(rows.Except(used), Is.Empty, "codes of docs/errors.md that src/ does not use");
        });
    }

    [Test]
    public void The_table_of_errors_is_sorted_and_names_each_code_once() =>
        Assert.That(Row().Matches(ErrorTable()).Select(match => match.Groups[1].Value), Is.Ordered.Using<string>(StringComparer.Ordinal).And.Unique);

    private static string ErrorTable() => File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));

    [GeneratedRegex(@"\bIK[0-9]{4}\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\|\s*(IK[0-9]{4})\s*\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

namespace ImageKit.Dockerfile.Tests;

/// <summary>Files in many styles, written for this purpose; beside each what all checks, those on request too, find in it.</summary>
[TestFixture]
internal sealed class RealFileTests
{
    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(CaseFile.PathOf("files"), "*.Dockerfile").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void Checks_find_what_stands_beside_the_file(string name)
    {
        DockerfileSyntax file = DockerfileParser.Parse(CaseFile.Read($"files/{name}.Dockerfile"));
        CheckReport report = CheckTable.Run(file, new());
        string found = string.Concat(file.Diagnostics.Where(fault => fault.Rule is null).Concat(report.Diagnostics).Select(diagnostic => $"{diagnostic.Span} {diagnostic.Rule ?? diagnostic.Code}: {diagnostic.Message}\n"));
        if (report.Failure is { } failure) found += failure + "\n";
        Assert.That(found, Is.EqualTo(CaseFile.Read($"files/{name}.findings")));
    }

    [Test]
    public void There_are_files_enough() => Assert.That(Names().Count(), Is.GreaterThanOrEqualTo(12));
}

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class GitReferenceTests
{
    public static IEnumerable<TestCaseData> Rows() =>
        CaseFile.Rows("git.txt").Select(row => new TestCaseData(row.Left, row.Right).SetArgDisplayNames($"line {row.Line}: {row.Left}"));

    [TestCaseSource(nameof(Rows))]
    public void Reads(string text, string expected)
    {
        GitReferenceResult result = GitReference.TryParse(text);
        Assert.That(result.IsGood ? Print(result.Reference) : result.Error is { } error ? "error: " + error : "no", Is.EqualTo(expected));
    }

    private static string Print(GitReference git) =>
        $"{git.Remote} ({git.ShortName})" + Opt("ref", git.Ref) + Opt("commit", git.Checksum) + Opt("dir", git.Subdirectory)
        + Opt("keep", git.KeepGitDirectory) + Opt("submodules", git.Submodules) + Opt("fetch", git.FetchByCommit)
        + (git.UsesCommitTime ? " mtime" : "") + (git.LooksLocal ? " local" : "") + (git.IsUnencrypted ? " unencrypted" : "");

    private static string Opt(string name, object? value) => value is null ? "" : $" {name}={value}";
}

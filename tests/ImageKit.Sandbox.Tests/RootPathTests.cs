namespace ImageKit.Sandbox.Tests;

/// <summary>Links in a root filesystem never lead out of it.</summary>
internal sealed class RootPathTests
{
    private string _root = "";

    [OneTimeSetUp]
    public void Make()
    {
        _root = Machine.NewFolder(Environment.UserName);
        Directory.CreateDirectory(Path.Combine(_root, "a/b"));
        File.CreateSymbolicLink(Path.Combine(_root, "out"), "../../../../etc");
        File.CreateSymbolicLink(Path.Combine(_root, "absolute"), "/a/b");
        File.CreateSymbolicLink(Path.Combine(_root, "a/up"), "../a/./b/..");
        File.CreateSymbolicLink(Path.Combine(_root, "circle"), "circle/x");
        File.CreateSymbolicLink(Path.Combine(_root, "dangling"), "/not/there");
    }

    [OneTimeTearDown]
    public void Delete() => Machine.Delete(_root);

    [TestCase("/a/b/c", "a/b/c", TestName = "what is missing stays as it is")]
    [TestCase("/out/passwd", "etc/passwd", TestName = "too many dots end at the root")]
    [TestCase("/absolute/x", "a/b/x", TestName = "an absolute link begins at the root")]
    [TestCase("a//up/b/", "a/b", TestName = "dots in links are followed")]
    [TestCase("/dangling/file", "not/there/file", TestName = "a dangling link is followed too")]
    [TestCase("/../..", "", TestName = "the root is above all")]
    [TestCase("/circle", null, TestName = "a circle is no path")]
    public void Resolves(string path, string? expected) => Assert.That(RootPath.Resolve(_root, path), Is.EqualTo(expected));
}

namespace ImageKit.Posix.Tests;

public sealed class SafePathTests
{
    [TestCase("a/b", null, TestName = "a plain path is good on Windows")]
    [TestCase("C:", "forbids", TestName = "a drive is refused on Windows")]
    [TestCase("a/b:stream", "forbids", TestName = "an alternate stream is refused on Windows")]
    [TestCase("a\\..\\b", "forbids", TestName = "a backslash is refused on Windows")]
    [TestCase("con", "device", TestName = "CON is refused on Windows")]
    [TestCase("dir/Nul.txt", "device", TestName = "NUL with an extension is refused on Windows")]
    [TestCase("COM1", "device", TestName = "COM1 is refused on Windows")]
    [TestCase("com10", null, TestName = "COM10 is a name like any other")]
    [TestCase("console", null, TestName = "CONSOLE is a name like any other")]
    [TestCase("a.", "dot", TestName = "a dot at the end is refused on Windows")]
    [TestCase("a /b", "space", TestName = "a space at the end is refused on Windows")]
    [TestCase("a\u0001", "control", TestName = "a control character is refused on Windows")]
    public void Windows_takes_fewer_names(string path, string? why)
    {
        Assert.That(SafePath.WhyNot(path, windows: true), why is null ? Is.Null : Does.Contain(why));
        Assert.That(SafePath.WhyNot(path, windows: false), Is.Null);
    }

    [Test]
    public void Paths_are_split_and_joined()
    {
        Assert.That(SafePath.Parent("a/b/c"), Is.EqualTo("a/b"));
        Assert.That(SafePath.Parent("a"), Is.Empty);
        Assert.That(SafePath.Name("a/b"), Is.EqualTo("b"));
        Assert.That(SafePath.Join("", "a"), Is.EqualTo("a"));
        Assert.That(SafePath.Join("a", "b"), Is.EqualTo("a/b"));
    }
}

namespace ImageKit.Registry.Tests.Sync;

internal sealed class TagSelectionTests
{
    [TestCase(">=1.2 <2", "1.2.0 1.9.9", "1.1.9 2.0.0 2.0.0-rc.1 1.3.0-rc.1 latest")]
    [TestCase("^1.2.3", "1.2.3 1.9.0 v1.5.0", "1.2.2 2.0.0")]
    [TestCase("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2 1.0.0")]
    [TestCase("^0.0.3", "0.0.3", "0.0.4")]
    [TestCase("^0", "0.0.1 0.9.0", "1.0.0")]
    [TestCase("~1.2.3", "1.2.3 1.2.9", "1.3.0")]
    [TestCase("~1", "1.0.0 1.9.0", "2.0.0")]
    [TestCase("1.x", "1.0.0 1.9.9 1.5 1", "2.0.0 0.9.0")]
    [TestCase("1.2.*", "1.2.0 1.2.9", "1.3.0")]
    [TestCase("*", "0.0.1 9.9.9", "1.0.0-rc.1 latest")]
    [TestCase("1.2 - 1.4", "1.2.0 1.4.9", "1.1.9 1.5.0")]
    [TestCase("1.2.0 - 1.4.0", "1.4.0", "1.4.1")]
    [TestCase("<1 || >=3", "0.9.0 3.0.0", "1.0.0 2.9.9")]
    [TestCase(">1.2", "1.3.0 2.0.0", "1.2.9 1.2.0")]
    [TestCase("<=1.2", "1.2.9 1.0.0", "1.3.0")]
    [TestCase(">= 1.2, < 2", "1.2.0", "2.0.0")]
    [TestCase("=1.2.3", "1.2.3 v1.2.3 1.2.3+build", "1.2.4 1.2.3-rc.1")]
    [TestCase(">=1.3.0-rc.1", "1.3.0-rc.1 1.3.0-rc.2 1.3.0 1.4.0", "1.4.0-rc.1 1.3.0-beta")]
    public void RangesAreNpms(string range, string inside, string outside)
    {
        TagSelection selection = new() { Semver = range };
        Assert.That(selection.Choose(inside.Split(' ')), Is.EquivalentTo(inside.Split(' ')));
        Assert.That(selection.Choose(outside.Split(' ')), Is.Empty);
    }

    [TestCase("nonsense")]
    [TestCase("1.2.3.4")]
    [TestCase(">>1")]
    public void WhatIsNoRangeIsAnError(string range) => Assert.That(() => new TagSelection { Semver = range }.Choose(["1"]), Throws.InstanceOf<FormatException>());

    [Test]
    public void PatternsAreForTheWholeTagAndDeniedOnesGo()
    {
        TagSelection selection = new() { Allow = [@"3\.\d+", "latest"], Deny = [@"3\.1\d"] };
        Assert.That(selection.Choose(["3.9", "3.18", "3.9-rc", "13.9", "latest", "3.20", "3.20\n"]), Is.EqualTo(new[] { "3.20", "3.9", "latest" }));
    }

    [Test]
    public void TheNewestAreTheHighestVersions()
    {
        TagSelection selection = new() { Newest = 3 };
        Assert.That(selection.Choose(["1.9", "1.10", "1.2", "1.10-rc.1", "edge", "latest"]), Is.EqualTo(new[] { "1.10", "1.10-rc.1", "1.9" }));
        Assert.That(selection.Choose(["edge", "latest"]), Is.EqualTo(new[] { "edge", "latest" }));
    }

    [TestCase("1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.10.0")]
    public void VersionsAreInTheOrderOfTheirSpecification(string text)
    {
        string[] versions = text.Split(' ');
        for (int most = 1; most <= versions.Length; most++)
        {
            Assert.That(new TagSelection { Newest = most }.Choose(versions.Reverse()), Is.EquivalentTo(versions[^most..]));
        }
    }
}

namespace ImageKit.Registry.Tests.Sync;

internal sealed class SyncFileTests
{
    [Test]
    public void ReadsRulesAndTheirDefaults()
    {
        SyncFile file = SyncFile.Parse("""
            version: 1
            parallel: 2
            defaults:
              platforms: [linux/amd64, linux/arm64]
              rate-limit-floor: 20
            rules:
              - source: alpine
                target: r.test/alpine
                tags:
                  allow: ['3\.\d+']
                  semver: '>=3.18'
                  newest: 2
                delete: true
              - name: one
                source: quay.io/a/b:v1
                target: r.test/b:stable
                platforms: linux/amd64
              - source: quay.io/team/*
                target: r.test/team/*
                except-repositories: team/secret-.*
                tags: [latest]
            """);
        Assert.That(file.Diagnostics, Is.Empty);
        Assert.That(file.Parallel, Is.EqualTo(2));
        Assert.That(file.Rules.Select(rule => rule.Name), Is.EqualTo(new[] { "rule 1", "one", "rule 3" }));
        Assert.That(file.Rules[0].Platforms.Select(platform => platform.ToString()), Is.EqualTo(new[] { "linux/amd64", "linux/arm64" }));
        Assert.That(file.Rules[0].Tags.Newest, Is.EqualTo(2));
        Assert.That(file.Rules[0].Delete, Is.True);
        Assert.That(file.Rules[1].Platforms, Has.Length.EqualTo(1));
        Assert.That(file.Rules[2].RateLimitFloor, Is.EqualTo(20));
        Assert.That(file.Rules[2].Place.Line, Is.EqualTo(18));
    }

    [TestCase("rules:\n- source: a.test/b\n", 2, "lacks 'source' or 'target'")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/B C\n", 3, "no name")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  tag: x\n", 4, "rules[0].tag")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  tags: {semver: soon}\n", 4, "no range")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  tags: ['(']\n", 4, "no pattern")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  tags: ['(?=x)x']\n", 4, "no pattern")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  platforms: [amd64/linux/v1/x]\n", 4, "no platform")]
    [TestCase("rules:\n- source: a.test/*\n  target: r.test/b\n", 3, "ends in '*'")]
    [TestCase("rules:\n- source: a.test/*/b\n  target: r.test/b\n", 2, "no name")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b:v1\n", 3, "whole repository")]
    [TestCase("rules:\n- source: a.test/b:v1\n  target: r.test/b\n  delete: true\n", 2, "'delete'")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  delete: yes\n", 4, "true or false")]
    [TestCase("rules:\n- source: a.test/b\n  target: r.test/b\n  repositories: [x]\n", 2, "'repositories'")]
    [TestCase("rules: x\n", 1, "list of mappings")]
    [TestCase("parallel: 0\nrules: []\n", 1, "number from 1")]
    [TestCase("version: 2\nrules: []\n", 1, "'version' is 2")]
    [TestCase("rules:\n- source: [\n", 3, "no YAML")]
    [TestCase("- x\n", 1, "no mapping")]
    [TestCase("x: 1\n", 1, "")]
    public void WhatIsWrongHasItsPlace(string text, int line, string says)
    {
        SyncFile file = SyncFile.Parse(text);
        Assert.That(file.Diagnostics.Where(found => found.IsError && found.Place.Line == line).Select(found => found.Message), Has.Some.Contains(says), string.Join('\n', file.Diagnostics));
        Assert.That(file.ThrowIfBroken, Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2050"));
    }
}

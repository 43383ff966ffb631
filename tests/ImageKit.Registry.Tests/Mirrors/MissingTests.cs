using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>What no endpoint has: the error names each that was asked.</summary>
internal sealed class MissingTests
{
    [TestCase("v1", TestName = "by tag")]
    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", TestName = "by digest")]
    public void WhatNobodyHasNamesEveryEndpoint(string name)
    {
        using InMemoryRegistry registry = new("registry.test");
        using RegistryClient client = Client(registry, "location = \"registry.test\"\nmirror = [{location = \"one.test/c\"}, {location = \"two.test\"}]");
        RegistryException missing = Missing(client, name);
        Assert.That((missing.Code, missing.Kind, missing.Host), Is.EqualTo(("IK2007", RegistryErrorKind.NotFound, "registry.test")));
        Assert.That(missing.Attempts.Select(attempt => $"{attempt.Request} {attempt.Status} {attempt.Outcome}"), Is.EquivalentTo(new[]
        {
            $"HEAD https://one.test/v2/c/a/b/manifests/{name} 404 NotFound",
            $"HEAD https://two.test/v2/a/b/manifests/{name} 404 NotFound",
            $"HEAD https://registry.test/v2/a/b/manifests/{name} 404 NotFound",
        }));
    }

    [TestCase("v1", TestName = "refused by tag")]
    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", TestName = "refused by digest")]
    public void ARefusalEverywhereNamesEveryEndpoint(string name)
    {
        using InMemoryRegistry registry = new("registry.test");
        registry.Inject(new() { Status = 403, Times = 99 });
        using RegistryClient client = Client(registry, "location = \"registry.test\"\nmirror = [{location = \"one.test/c\"}, {location = \"two.test\"}]");
        RegistryException refused = Missing(client, name);
        Assert.That(refused.Code, Is.EqualTo("IK2005"));
        Assert.That(refused.Attempts.Select(attempt => new Uri(attempt.Request.Split(' ')[1]).Host).Distinct(), Is.EquivalentTo(new[] { "one.test", "two.test", "registry.test" }));
    }

    [Test]
    public void WhereARegistryWasMovedTheHostThatWasAskedIsNamed()
    {
        using InMemoryRegistry registry = new("registry.test");
        using RegistryClient client = Client(registry, "location = \"moved.test\"");
        RegistryException missing = Missing(client, "v1");
        Assert.That((missing.Host, missing.What), Is.EqualTo(("moved.test", "moved.test/a/b has no 'v1'.")));
    }

    private static RegistryException Missing(RegistryClient client, string name) =>
        Assert.Throws<RegistryException>(() => client.Repository(ImageReference.Parse("registry.test/a/b")).FindAsync(name).GetAwaiter().GetResult())!;

    private static RegistryClient Client(InMemoryRegistry registry, string rule) => new(registry.CreateOptions() with
    {
        HandlerFactory = _ => registry.CreateHandler(),
        Mirrors = MirrorConfiguration.Of(RegistriesConf.Parse($"[[registry]]\nprefix = \"registry.test\"\n{rule}\n", "registries.conf")),
    });
}

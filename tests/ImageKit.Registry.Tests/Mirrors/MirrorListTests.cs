using ImageKit.Oci;

namespace ImageKit.Registry.Tests.Mirrors;

public class MirrorListTests
{
    [TestCase("docker.io", "mirror.example.com/hub", "docker.io/library/nginx", "https://mirror.example.com/v2/hub/library/nginx/")]
    [TestCase("docker.io", "https://m.example.com/{registry}", "docker.io/library/nginx", "https://m.example.com/v2/docker.io/library/nginx/")]
    [TestCase("", "cache:5000/{registry}/", "quay.io/team/app", "https://cache:5000/v2/quay.io/team/app/")]
    [TestCase("quay.io/team", "http://10.0.0.1:5000", "quay.io/team/app", "http://10.0.0.1:5000/v2/app/")]
    [TestCase("*.example.com", "mirror.test", "a.example.com/x", "https://mirror.test/v2/x/")]
    public void Addresses(string prefix, string mirror, string name, string url)
    {
        PlannedEndpoint endpoint = EndpointPlan.For(ImageReference.Parse(name), MirrorList.Of(prefix, mirror)).Endpoints[0];
        Assert.That((endpoint.IsMirror, $"{endpoint}/"), Is.EqualTo((true, url)));
    }

    [Test]
    public void The_longest_prefix_decides()
    {
        MirrorList list = MirrorList.Of("", "any.test").And(MirrorList.Of("quay.io", "quay.test"));
        Assert.That(EndpointPlan.For(ImageReference.Parse("quay.io/a/b"), list).Endpoints.Select(endpoint => endpoint.Host), Is.EqualTo(new[] { "quay.test", "quay.io" }));
        Assert.That(EndpointPlan.For(ImageReference.Parse("ghcr.io/a/b"), list).Endpoints.Select(endpoint => endpoint.Host), Is.EqualTo(new[] { "any.test", "ghcr.io" }));
    }

    [TestCase("docker.io", "")]
    [TestCase("docker.io", "ftp://x")]
    [TestCase("docker.io", "a b")]
    [TestCase("user@host", "mirror.test")]
    public void What_names_no_host_is_refused(string prefix, string mirror) => Assert.That(() => MirrorList.Of(prefix, mirror), Throws.InstanceOf<ArgumentException>());
}

using ImageKit.Oci;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>buildkitd.toml: what BuildKit reads in it, we read.</summary>
internal sealed class BuildkitdTomlTests
{
    private const string Text = """
        debug = true
        [worker.oci]
        enabled = true
        [registry."docker.io"]
        mirrors = ["hub.docker.io", "yourmirror.local:5000/proxy.docker.io"]
        [registry."quay.io"]
        mirrors = ["yourmirror.local:5000/proxy.quay.io"]
        [registry."yourmirror.local:5000"]
        http = true
        [registry."secure.local"]
        insecure = true
        ca = ["/etc/ca.pem"]
        [[registry."secure.local".keypair]]
        key = "/etc/key.pem"
        cert = "/etc/cert.pem"
        """;

    [TestCase("nginx", "https://hub.docker.io/v2/library/nginx http://yourmirror.local:5000/v2/proxy.docker.io/library/nginx https://registry-1.docker.io/v2/library/nginx")]
    [TestCase("quay.io/a/b", "http://yourmirror.local:5000/v2/proxy.quay.io/a/b https://quay.io/v2/a/b")]
    [TestCase("gcr.io/a/b", "https://gcr.io/v2/a/b")]
    public void ThePathOfAMirrorGoesBehindV2AndItsSchemeIsOfItsOwnBlock(string image, string endpoints)
    {
        BuildkitdToml toml = BuildkitdToml.Parse(Text);
        Assert.That(toml.Diagnostics, Is.Empty);
        Assert.That(string.Join(' ', EndpointPlan.For(ImageReference.Parse(image), toml).Endpoints), Is.EqualTo(endpoints));
    }

    [Test]
    public void ARegistryIsSecuredAsItsBlockSays()
    {
        EndpointTls tls = EndpointPlan.For(ImageReference.Parse("secure.local/x"), BuildkitdToml.Parse(Text)).Upstream.Tls;
        Assert.That(tls, Is.EqualTo(new EndpointTls { SkipsVerification = true, Authorities = ["/etc/ca.pem"], Clients = [new("/etc/cert.pem", "/etc/key.pem")] }));
        Assert.That(EndpointPlan.For(ImageReference.Parse("yourmirror.local:5000/x"), BuildkitdToml.Parse(Text)).Upstream.Tls.AllowsPlain, Is.True);
    }

    [TestCase("https://url/", "https://url/v2/x")]
    [TestCase("https://url/path/", "https://url/v2/path/x")]
    public void ASchemeIsLeftOutWithAWarning(string mirror, string endpoint)
    {
        BuildkitdToml toml = BuildkitdToml.Parse($"[registry.\"fake.io\"]\nmirrors = [\"{mirror}\"]");
        Assert.That(toml.Diagnostics.Single().IsError, Is.False);
        Assert.That(EndpointPlan.For(ImageReference.Parse("fake.io/x"), toml).Endpoints[0].ToString(), Is.EqualTo(endpoint));
    }

    [TestCase("[registry.\"docker.io\"]\nmirror = [\"x\"]", false, "registry.docker.io.mirror")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = \"x\"", true, "list of strings")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"-x\"]", true, "hyphen")]
    [TestCase("[[registry.\"docker.io\".keypair]]\nkey = \"k\"", true, "key pair")]
    [TestCase("[registry.\"docker.io/library\"]\nhttp = true", true, "path")]
    public void NothingIsIgnoredSilently(string text, bool error, string says) =>
        Assert.That(BuildkitdToml.Parse(text).Diagnostics.Single(), Has.Property("IsError").EqualTo(error).And.Property("Message").Contains(says));
}

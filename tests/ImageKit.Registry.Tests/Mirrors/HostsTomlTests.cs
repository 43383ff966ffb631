using ImageKit.Oci;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>hosts.toml: what containerd reads in it, we read.</summary>
internal sealed class HostsTomlTests
{
    private const string Full = """
        server = "https://default.registry"
        ca = "/etc/path/default"
        [header]
          x-custom-1 = "custom header"

        [host."https://mirror.registry"]
          capabilities = ["pull"]
          ca = "/etc/certs/mirror.pem"
          skip_verify = false
          [host."https://mirror.registry".header]
            x-custom-2 = ["value1", "value2"]

        [host."https://mirror-bak.registry/us"]
          capabilities = ["pull"]
          skip_verify = true

        [host."http://mirror.registry"]
          capabilities = ["pull"]

        [host."https://pairs.registry"]
          capabilities = ["pull", "resolve", "push", "referrers"]
          ca = ["ca-1.pem", "/etc/certs/special.pem"]
          client = [["/etc/certs/client.cert", "/etc/certs/client.key"], ["/etc/certs/client.pem", ""]]

        [host."https://one.registry"]
          client = "/etc/certs/client.pem"

        [host."https://list.registry"]
          client = ["/etc/certs/client-1.pem", "/etc/certs/client-2.pem"]

        [host."https://whole.registry/v2/namespaceprefix"]
          capabilities = ["pull"]
          override_path = true

        [host."https://wholeroot.registry"]
          override_path = true

        [host."https://onlyheader.registry".header]
          x-custom-1 = "justaheader"

        [host."https://slow.registry"]
          dial_timeout = "3s"

        [host."bare.registry:5000/v2"]
        """;

    private static readonly HostsToml Read = HostsToml.Parse(Full, "docker.io", "/etc/containerd/certs.d/docker.io/hosts.toml");

    [Test]
    public void HostsComeInTheOrderOfTheFileAndTheServerLast()
    {
        Assert.That(Read.Diagnostics, Is.Empty);
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("nginx:1"), Read);
        Assert.That(plan.Endpoints.Select(endpoint => endpoint.ToString()), Is.EqualTo(new[]
        {
            "https://mirror.registry/v2/library/nginx",
            "https://mirror-bak.registry/us/v2/library/nginx",
            "http://mirror.registry/v2/library/nginx",
            "https://pairs.registry/v2/library/nginx",
            "https://one.registry/v2/library/nginx",
            "https://list.registry/v2/library/nginx",
            "https://whole.registry/v2/namespaceprefix/library/nginx",
            "https://wholeroot.registry/library/nginx",
            "https://onlyheader.registry/v2/library/nginx",
            "https://slow.registry/v2/library/nginx",
            "https://bare.registry:5000/v2/library/nginx",
            "https://default.registry/v2/library/nginx",
        }));
    }

    [TestCase("mirror.registry", EndpointUses.Pull)]
    [TestCase("pairs.registry", EndpointUses.All)]
    [TestCase("one.registry", EndpointUses.All)]
    public void CapabilitiesLeftOutAreAll(string host, EndpointUses uses) => Assert.That(Host(host).Uses, Is.EqualTo(uses));

    [Test]
    public void CertificatesHeadersAndLimitsAreOfTheirHost()
    {
        Assert.That(Host("mirror.registry").Tls.Authorities, Is.EqualTo(new[] { "/etc/certs/mirror.pem" }));
        Assert.That(Host("pairs.registry").Tls.Authorities, Is.EqualTo(new[] { "/etc/containerd/certs.d/docker.io/ca-1.pem", "/etc/certs/special.pem" }));
        Assert.That(Host("pairs.registry").Tls.Clients, Is.EqualTo(new ClientCertificate[] { new("/etc/certs/client.cert", "/etc/certs/client.key"), new("/etc/certs/client.pem") }));
        Assert.That(Host("one.registry").Tls.Clients, Is.EqualTo(new ClientCertificate[] { new("/etc/certs/client.pem") }));
        Assert.That(Host("list.registry").Tls.Clients, Has.Length.EqualTo(2));
        Assert.That(Host("mirror-bak.registry").Tls.SkipsVerification, Is.True);
        Assert.That(Host("mirror.registry").Headers, Is.EqualTo(new HeaderField[] { new("x-custom-2", "value1"), new("x-custom-2", "value2") }));
        Assert.That(Host("slow.registry").ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(Read.Server!.Tls.Authorities, Is.EqualTo(new[] { "/etc/path/default" }));
        Assert.That(Read.Server!.Headers.Single().Value, Is.EqualTo("custom header"));
    }

    [Test]
    public void MirrorsAreToldWhichRegistryIsMeantAndTheServerIsNot()
    {
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("nginx:1"), Read);
        Assert.That(plan.Endpoints[1].ManifestUrl.ToString(), Is.EqualTo("https://mirror-bak.registry/us/v2/library/nginx/manifests/1?ns=docker.io"));
        Assert.That(plan.Upstream.ManifestUrl.ToString(), Is.EqualTo("https://default.registry/v2/library/nginx/manifests/1"));
    }

    [Test]
    public void WithoutAServerTheRegistryItselfIsLast()
    {
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("nginx"), HostsToml.Parse("[host.\"https://m.com\"]\ncapabilities = [\"pull\"]\n", "docker.io"));
        Assert.That(plan.Upstream.Root.ToString(), Is.EqualTo("https://registry-1.docker.io/v2/"));
        Assert.That(plan.Endpoints, Has.Length.EqualTo(2));
    }

    [Test]
    public void AFileForEveryRegistryGivesWayToOneForIts()
    {
        HostsToml every = HostsToml.Parse("[host.\"https://every.com\"]\n"), own = HostsToml.Parse("[host.\"https://own.com\"]\n", "quay.io");
        Assert.That(EndpointPlan.For(ImageReference.Parse("quay.io/x"), own, every).Endpoints[0].Host, Is.EqualTo("own.com"));
        Assert.That(EndpointPlan.For(ImageReference.Parse("gcr.io/x/y"), own, every).Endpoints[0].ToString(), Is.EqualTo("https://every.com/v2/x/y"));
    }

    [TestCase("[host.\"https://m.com\"]\ncapabilities = [\"fly\"]", "fly")]
    [TestCase("[host.\"https://m.com\"]\nca = 1", "neither a file nor")]
    [TestCase("[host.\"https://m.com\"]\nclient = [[\"a\"]]", "pairs")]
    [TestCase("[host.\"https://m.com\"]\ndial_timeout = \"3\"", "duration")]
    [TestCase("[host.\"https://m.com\".header]\nx = 1", "header 'x'")]
    [TestCase("[host.\"https://\"]", "no address")]
    [TestCase("[host.\"ftp://m.io\"]", "no address")]
    [TestCase("server = \"https://u:p@r.com\"", "no address")]
    [TestCase("[host", "")]
    public void WhatContainerdLogsAndIgnoresIsAnError(string text, string says)
    {
        HostsToml hosts = HostsToml.Parse(text);
        Assert.That(hosts.Diagnostics.Where(found => found.IsError).Select(found => found.Message), Has.Some.Contains(says));
    }

    [TestCase("docker.io", "docker.io")]
    [TestCase("example.com_5000_", "example.com:5000")]
    [TestCase("example.com:5000", "example.com:5000")]
    [TestCase("_default", "")]
    public void FoldersNameRegistries(string folder, string registry) => Assert.That(HostsToml.RegistryOfFolder(folder), Is.EqualTo(registry));

    [TestCase("3s", 3)]
    [TestCase("1m30s", 90)]
    [TestCase("1.5h", 5400)]
    [TestCase("500ms", 0.5)]
    [TestCase("0", 0)]
    public void DurationsAreGos(string text, double seconds) =>
        Assert.That(HostsToml.Parse($"[host.\"https://m.com\"]\ndial_timeout = \"{text}\"").Endpoints.Single().ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    private static ConfiguredEndpoint Host(string host) => Read.Endpoints.First(endpoint => endpoint.Host == host);
}

using System.Text.Json;
using ImageKit.Oci;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>daemon.json: what dockerd reads in it, we read.</summary>
internal sealed class DaemonJsonTests
{
    [TestCase("http://mirror-1.com", "http://mirror-1.com/")]
    [TestCase("http://mirror-1.com/", "http://mirror-1.com/")]
    [TestCase("https://mirror-1.com", "https://mirror-1.com/")]
    [TestCase("http://localhost:5000", "http://localhost:5000/")]
    [TestCase("https://127.0.0.1:5000", "https://127.0.0.1:5000/")]
    [TestCase("https://mirror-1.com/v1/", "https://mirror-1.com/v1/")]
    [TestCase("https://mirror-1.com/path", "https://mirror-1.com/path/")]
    public void TakesMirrors(string written, string read)
    {
        DaemonJson json = Parse("registry-mirrors", written);
        Assert.That(json.Diagnostics, Is.Empty);
        Assert.That(json.RegistryMirrors.Single().ToString(), Is.EqualTo(read));
    }

    [TestCase("!invalid!://%as%")]
    [TestCase("mirror-1.com")]
    [TestCase("example.com:5000")]
    [TestCase("ftp://mirror-1.com")]
    [TestCase("http://mirror-1.com/?q=foo")]
    [TestCase("http://mirror-1.com/v1/?q=foo#frag")]
    [TestCase("https://mirror-1.com#frag")]
    [TestCase("https://mirror-1.com?q")]
    [TestCase("http://foo:bar@mirror-1.com/")]
    [TestCase("https://")]
    [TestCase("unix:///foo/bar.sock", TestName = "sockets are not supported, and that is said")]
    public void RefusesMirrors(string written)
    {
        DaemonJson json = Parse("registry-mirrors", written);
        Assert.That(json.RegistryMirrors, Is.Empty);
        Assert.That(json.Diagnostics.Single(), Has.Property("IsError").True.And.Property("Message").Contains(written));
    }

    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("127.0.0.1:8080", "127.0.0.1:8080")]
    [TestCase("2001:db8::1", "2001:db8::1")]
    [TestCase("[2001:db8::1]:80", "[2001:db8::1]:80")]
    [TestCase("1.2.3.0/24", "1.2.3.0/24")]
    [TestCase("2001:db8::/120", "2001:db8::/120")]
    [TestCase("102.10.8.1/24", "102.10.8.1/24", TestName = "bits behind the mask are allowed")]
    [TestCase("http://mytest.com", "mytest.com", TestName = "http:// is left out, with a warning")]
    [TestCase("HTTPS://mytest.com", "mytest.com", TestName = "HTTPS:// is left out, with a warning")]
    public void TakesInsecureRegistries(string written, string read)
    {
        DaemonJson json = Parse("insecure-registries", written);
        Assert.That(json.Diagnostics.Any(found => found.IsError), Is.False);
        Assert.That(json.InsecureRegistries.Single(), Is.EqualTo(read));
    }

    [TestCase("svn://mytest.com")]
    [TestCase("-invalid-registry")]
    [TestCase("mytest-.com")]
    [TestCase("1200:0000:AB00:1234:0000:2552:7777:1313:8080")]
    [TestCase("mytest.com:500000")]
    [TestCase("\"mytest.com\"")]
    [TestCase("[fe80::]/64")]
    [TestCase("mytest.com/path")]
    public void RefusesInsecureRegistries(string written) => Assert.That(Parse("insecure-registries", written).Diagnostics.Single().IsError, Is.True);

    [TestCase("1.2.3.0/24", "1.2.3.77:5000", true)]
    [TestCase("102.10.8.1/24", "102.10.8.200", true)]
    [TestCase("1.2.3.0/24", "1.2.4.1:5000", false)]
    [TestCase("2001:db8::/120", "[2001:db8::12]:5000", true)]
    [TestCase("example.com", "example.com:5000", true, TestName = "a host without a port is for every port")]
    [TestCase("example.com:5000", "example.com:5000", true)]
    [TestCase("example.com:5000", "example.com:5001", false)]
    [TestCase("example.com:5000", "example.com", false)]
    public void InsecureRegistriesMayBeUsedWithoutTls(string written, string host, bool allowed)
    {
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse($"{host}/image"), Parse("insecure-registries", written));
        Assert.That(plan.Upstream.Tls.AllowsPlain, Is.EqualTo(allowed));
    }

    [Test]
    public void MirrorsAreForDockerHubAloneAndTheirPathGoesBeforeV2()
    {
        DaemonJson json = Parse("registry-mirrors", "https://a.com/hub", "http://b.com");
        Assert.That(EndpointPlan.For(ImageReference.Parse("nginx"), json).Endpoints.Select(endpoint => endpoint.ManifestUrl.ToString()), Is.EqualTo(new[]
        {
            "https://a.com/hub/v2/library/nginx/manifests/latest", "http://b.com/v2/library/nginx/manifests/latest", "https://registry-1.docker.io/v2/library/nginx/manifests/latest",
        }));
        Assert.That(EndpointPlan.For(ImageReference.Parse("quay.io/x/y"), json).Endpoints.Select(endpoint => endpoint.Host), Is.EqualTo(new[] { "quay.io" }));
    }

    [TestCase("[]", 1)]
    [TestCase("{\n  \"registry-mirrors\": \"https://a.com\"\n}", 2)]
    [TestCase("{\n  \"registry-mirrors\": [],\n  \"registry-mirrors\": []\n}", 0)]
    [TestCase("{\n\n nothing }", 3)]
    public void WhatIsNoSuchFileIsAnErrorWithItsLine(string text, int line) =>
        Assert.That(DaemonJson.Parse(text).Diagnostics.Single(), Has.Property("IsError").True.And.Property("Place").Property("Line").EqualTo(line));

    [Test]
    public void TheDaemonsOwnKeysAreNotOurs() =>
        Assert.That(DaemonJson.Parse("{\"debug\":true,\"log-opts\":{\"max-size\":\"1m\"}}").Diagnostics, Is.Empty);

    private static DaemonJson Parse(string key, params string[] values) =>
        DaemonJson.Parse($"{{\"{key}\":[{string.Join(',', values.Select(value => $"\"{JsonEncodedText.Encode(value)}\""))}]}}");
}

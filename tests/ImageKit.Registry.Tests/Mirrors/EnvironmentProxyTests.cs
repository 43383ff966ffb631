namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>Proxies of the environment, read as Go's programs read them.</summary>
internal sealed class EnvironmentProxyTests
{
    [TestCase("", "https://example.com/", true)]
    [TestCase("*", "https://example.com/", false)]
    [TestCase("example.com", "https://example.com/", false)]
    [TestCase("example.com", "https://sub.example.com/", false)]
    [TestCase("example.com", "https://notexample.com/", true)]
    [TestCase(".example.com", "https://sub.example.com/", false)]
    [TestCase(".example.com", "https://example.com/", true)]
    [TestCase("*.example.com", "https://sub.example.com/", false)]
    [TestCase("*.example.com", "https://example.com/", true)]
    [TestCase("EXAMPLE.com", "https://Sub.Example.COM/", false)]
    [TestCase("example.com:5000", "https://example.com:5000/", false)]
    [TestCase("example.com:5000", "https://example.com/", true)]
    [TestCase("example.com:443", "https://example.com/", false)]
    [TestCase("10.0.0.0/8", "http://10.1.2.3:5000/", false)]
    [TestCase("10.0.0.0/8", "http://11.1.2.3/", true)]
    [TestCase("10.0.0.0/8", "http://ten.example.com/", true, TestName = "names are not looked up")]
    [TestCase("fd00::/8", "http://[fd12::1]:5000/", false)]
    [TestCase("192.168.1.7", "http://192.168.1.7:5000/", false)]
    [TestCase("192.168.1.7:80", "http://192.168.1.7:5000/", true)]
    [TestCase("[fd12::1]:5000", "http://[fd12::1]:5000/", false)]
    [TestCase("other.com, example.com ,", "https://example.com/", false)]
    [TestCase("", "http://localhost:5000/", false, TestName = "this machine is asked directly")]
    [TestCase("", "http://127.0.0.7/", false, TestName = "127.0.0.7 is this machine")]
    [TestCase("", "http://[::1]:5000/", false, TestName = "::1 is this machine")]
    public void NoProxyNamesWhoIsAskedDirectly(string noProxy, string url, bool proxied)
    {
        EnvironmentProxy proxy = Read(("HTTP_PROXY", "proxy.test:3128"), ("https_proxy", "http://secure.test:3129"), ("no_proxy", noProxy))!;
        Uri? expected = !proxied ? null : new Uri(url.StartsWith("https", StringComparison.Ordinal) ? "http://secure.test:3129" : "http://proxy.test:3128");
        Assert.That(proxy.GetProxy(new Uri(url)), Is.EqualTo(expected));
    }

    [Test]
    public void WithoutVariablesThereIsNone() => Assert.That(Read(), Is.Null);

    [Test]
    public void AllProxyIsForBothAndALoginIsOfTheUrl()
    {
        EnvironmentProxy proxy = Read(("ALL_PROXY", "http://me:p%40ss@proxy.test:3128"))!;
        Assert.That(proxy.GetProxy(new Uri("https://example.com"))!.Host, Is.EqualTo("proxy.test"));
        Assert.That(proxy.Credentials!.GetCredential(new Uri("http://proxy.test:3128"), "Basic")!.Password, Is.EqualTo("p@ss"));
        Assert.That(proxy.Credentials.GetCredential(new Uri("http://other.test"), "Basic"), Is.Null);
    }

    [TestCase("ftp://proxy")]
    [TestCase("http://")]
    public void AProxyThatIsNoneIsAnError(string url) =>
        Assert.That(() => Read(("HTTPS_PROXY", url)), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2043"));

    private static EnvironmentProxy? Read(params (string Name, string Value)[] variables) =>
        EnvironmentProxy.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}

using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Faults;

/// <summary>What errors advise.</summary>
internal sealed class AdviceTests
{
    [TestCase("3600", "It asks to wait 60 minutes.", TestName = "an hour")]
    [TestCase("99", "It asks to wait 99 seconds.", TestName = "99 seconds")]
    public void ARateLimitSaysHowLongToWait(string header, string words)
    {
        using InMemoryRegistry registry = new("registry.test");
        registry.Inject(new() { Status = 429, Headers = ImmutableDictionary<string, string>.Empty.Add("Retry-After", header), Times = 99 });
        using RegistryClient client = new(registry.CreateOptions() with { Mirrors = MirrorConfiguration.None });
        RegistryException limited = Assert.Throws<RegistryException>(() => client.Repository(ImageReference.Parse("registry.test/a")).ResolveAsync("v1").GetAwaiter().GetResult())!;
        Assert.That((limited.Code, limited.Mend.StartsWith(words, StringComparison.Ordinal)), Is.EqualTo(("IK2009", true)), limited.Mend);
    }
}

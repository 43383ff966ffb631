using ImageKit.Cli.Printing;
using ImageKit.Registry;

namespace ImageKit.Cli.Tests;

public class TrafficTextTests
{
    [Test]
    public void A_host_is_told_with_what_it_gave_how_fast_and_how_it_does()
    {
        HostTraffic mirror = new("mirror.test", IsMirror: true, 12_300_000, HostState.Quarantined) { BytesPerSecond = 4_000_000 };
        Assert.That(TrafficText.Line(mirror), Is.EqualTo("12.3MB from mirror.test (mirror), 4MB/s, quarantined"));
        Assert.That(TrafficText.Line(mirror with { Bytes = 0 }), Is.EqualTo("0B from mirror.test (mirror), quarantined"), "how fast it was for others is not of interest");
        Assert.That(TrafficText.Line(new("registry.test", IsMirror: false, 5, HostState.Fit)), Is.EqualTo("5B from registry.test"));
    }
}

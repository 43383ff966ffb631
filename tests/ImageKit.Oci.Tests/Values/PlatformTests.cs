namespace ImageKit.Oci.Tests.Values;

public class PlatformTests
{
    [TestCase("linux/amd64", "linux/amd64", TestName = "the plain form")]
    [TestCase("linux/arm/v7", "linux/arm/v7", TestName = "a variant")]
    [TestCase("linux/arm/7", "linux/arm/v7", TestName = "a variant without its v")]
    [TestCase("linux/arm", "linux/arm/v7", TestName = "arm means v7")]
    [TestCase("linux/arm64/v8", "linux/arm64", TestName = "v8 of arm64 goes without saying")]
    [TestCase("linux/x86_64", "linux/amd64", TestName = "the kernel's name of amd64")]
    [TestCase("linux/aarch64", "linux/arm64", TestName = "the kernel's name of arm64")]
    [TestCase("LINUX/AMD64", "linux/amd64", TestName = "capitals")]
    [TestCase("amd64", "linux/amd64", TestName = "a processor alone means Linux")]
    [TestCase("windows/amd64", "windows/amd64", TestName = "Windows")]
    [TestCase("linux/amd64/v2", "linux/amd64/v2", TestName = "a level of amd64")]
    [TestCase("linux/armhf", "linux/arm/v7", TestName = "Debian's name of arm")]
    public void Reads(string text, string canonical) => Assert.That(Platform.Parse(text).ToString(), Is.EqualTo(canonical));

    [TestCase("", TestName = "no platform: nothing")]
    [TestCase("/", TestName = "no platform: empty parts")]
    [TestCase("linux/", TestName = "no platform: an empty processor")]
    [TestCase("linux/arm/v7/x", TestName = "no platform: four parts")]
    [TestCase("linux/a b", TestName = "no platform: a space")]
    public void Refuses(string text)
    {
        Assert.That(Platform.TryParse(text, null, out _), Is.False);
        Assert.That(() => Platform.Parse(text), Throws.TypeOf<FormatException>());
    }

    [TestCase("linux/amd64", "linux/amd64", true)]
    [TestCase("linux/arm64", "linux/arm64/v8", true)]
    [TestCase("linux/arm/v7", "linux/arm/v6", false)]
    [TestCase("linux/amd64", "linux/arm64", false)]
    [TestCase("linux/amd64", "windows/amd64", false)]
    public void Accepts_what_runs_there(string wanted, string offered, bool runs) =>
        Assert.That(Platform.Parse(wanted).Accepts(Platform.Parse(offered)), Is.EqualTo(runs));

    [Test]
    public void A_platform_as_an_index_writes_it_is_accepted() => Assert.That(
        Platform.LinuxArm64.Accepts(new() { Os = "linux", Architecture = "arm64", Variant = "v8" }), Is.True);
}

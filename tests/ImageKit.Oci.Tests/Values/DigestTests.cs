namespace ImageKit.Oci.Tests.Values;

public class DigestTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Upper = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF";

    [TestCase("sha256:" + Hex, true, TestName = "a sha256 digest")]
    [TestCase("sha512:" + Hex + Hex, true, TestName = "a sha512 digest")]
    [TestCase("blake3:" + Hex, true, TestName = "a blake3 digest")]
    [TestCase("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8", true, TestName = "an algorithm that is not known here")]
    [TestCase("sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564", true, TestName = "an algorithm with a component")]
    [TestCase("SHA256:" + Hex, false, TestName = "the algorithm is lower case")]
    [TestCase("sha256:" + Upper, false, TestName = "hex is lower case")]
    [TestCase("sha256:" + Hex + "0", false, TestName = "65 digits are too many")]
    [TestCase("sha512:" + Hex, false, TestName = "a sha512 digest has 128 digits")]
    [TestCase("blake3:" + Hex + "0", false, TestName = "a blake3 digest has 64 digits")]
    [TestCase("sha256:" + Hex + "\n", false, TestName = "a line feed at the end")]
    [TestCase("sha256", false, TestName = "no colon")]
    [TestCase("sha256:", false, TestName = "nothing behind the colon")]
    [TestCase(":" + Hex, false, TestName = "nothing before the colon")]
    [TestCase("a+:x", false, TestName = "an empty component last")]
    [TestCase("+a:x", false, TestName = "an empty component first")]
    [TestCase("a..b:x", false, TestName = "an empty component between")]
    [TestCase("../x:y", false, TestName = "a path in the algorithm")]
    [TestCase("x:../../etc/passwd", false, TestName = "a path in the encoding")]
    [TestCase("x:..", false, TestName = "dots in the encoding")]
    [TestCase("", false, TestName = "nothing is no digest")]
    public void Parses(string text, bool good) =>
        Assert.That(Digest.TryParse(text, null, out Digest digest) ? digest.ToString() : null, Is.EqualTo(good ? text : null));

    [Test]
    public void Hashes_what_it_is_given() => Assert.That(Digest.Of("abc"u8).ToString(),
        Is.EqualTo("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));

    [Test]
    public void Only_known_algorithms_can_be_verified()
    {
        Assert.That(Digest.Parse("sha256:" + Hex).CanVerify, Is.True);
        Assert.That(Digest.Parse("sha512:" + Hex + Hex).CanVerify, Is.True);
        Assert.That(Digest.Parse("blake3:" + Hex).CanVerify, Is.False);
        Assert.That(default(Digest).CanVerify, Is.False);
    }

    [Test]
    public void Default_equals_no_digest_of_content()
    {
        Assert.That(default(Digest), Is.Not.EqualTo(Digest.Of([])));
        Assert.That(default(Digest).ToString(), Is.EqualTo("(no digest)"));
        Assert.That(default(Digest).Algorithm, Is.Empty);
        Assert.That(default(Digest).IsDefault, Is.True);
    }

    [Test]
    public void Parts_are_around_the_first_colon()
    {
        Digest digest = Digest.Parse("sha256:" + Hex);
        Assert.That((digest.Algorithm, digest.Encoded), Is.EqualTo(("sha256", Hex)));
    }

    [Test]
    public void The_error_says_what_was_expected() => Assert.That(() => Digest.Parse("nonsense"),
        Throws.TypeOf<FormatException>().With.Message.StartsWith("'nonsense' is no digest: expected"));
}

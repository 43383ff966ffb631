namespace ImageKit.Oci.Tests.Values;

public class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [TestCase("busybox", "docker.io/library/busybox", TestName = "a bare name is official, on Docker Hub")]
    [TestCase("busybox:1.36", "docker.io/library/busybox:1.36", TestName = "a tag is kept")]
    [TestCase("user/app", "docker.io/user/app", TestName = "two parts belong to a user of Docker Hub")]
    [TestCase("a/b/c", "docker.io/a/b/c", TestName = "three parts without a host belong to Docker Hub")]
    [TestCase("docker.io/busybox", "docker.io/library/busybox", TestName = "library is put in behind docker.io")]
    [TestCase("index.docker.io/busybox", "docker.io/library/busybox", TestName = "index.docker.io is docker.io")]
    [TestCase("docker.io", "docker.io/library/docker.io", TestName = "a host alone is a repository")]
    [TestCase("localhost", "docker.io/library/localhost", TestName = "localhost alone is a repository")]
    [TestCase("localhost/app", "localhost/app", TestName = "localhost before a slash is a host")]
    [TestCase("localhost:5000/app:v1", "localhost:5000/app:v1", TestName = "a port and a tag are told apart")]
    [TestCase("localhost:5000", "docker.io/library/localhost:5000", TestName = "a port without a path is a tag")]
    [TestCase("registry.example.com/app", "registry.example.com/app", TestName = "a dot makes a host")]
    [TestCase("Registry/app", "Registry/app", TestName = "a capital makes a host")]
    [TestCase("127.0.0.1:5000/a/b@sha256:" + Hex, "127.0.0.1:5000/a/b@sha256:" + Hex, TestName = "an address with a port and a digest")]
    [TestCase("[::1]:5000/app", "[::1]:5000/app", TestName = "an IPv6 host with a port")]
    [TestCase("[2001:db8::A]/app:1", "[2001:db8::A]/app:1", TestName = "an IPv6 host without a port")]
    [TestCase("app:v1@sha256:" + Hex, "docker.io/library/app:v1@sha256:" + Hex, TestName = "a tag beside a digest is kept")]
    [TestCase("app@sha512:" + Hex + Hex, "docker.io/library/app@sha512:" + Hex + Hex, TestName = "a sha512 digest")]
    [TestCase("app@blake3:" + Hex, "docker.io/library/app@blake3:" + Hex, TestName = "a blake3 digest")]
    [TestCase("a__b/c.d/e--f/g", "docker.io/a__b/c.d/e--f/g", TestName = "all separators of the grammar")]
    [TestCase("app:_A.b-C", "docker.io/library/app:_A.b-C", TestName = "a tag may begin with an underscore and have capitals")]
    [TestCase("xn--n3h.com/app", "xn--n3h.com/app", TestName = "an international host in its ASCII form")]
    [TestCase("registry-1.docker.io/library/alpine", "docker.io/library/alpine", TestName = "the server of Docker Hub is Docker Hub")]
    [TestCase("registry-1.docker.io/alpine", "docker.io/library/alpine", TestName = "library is put in behind it too")]
    [TestCase("test.com:5000", "docker.io/library/test.com:5000", TestName = "a host with a port alone is a repository with a tag")]
    [TestCase("192.168.0.1:80", "docker.io/library/192.168.0.1:80", TestName = "an address with a port alone is a repository with a tag")]
    [TestCase("192.168.1.1", "docker.io/library/192.168.1.1", TestName = "an address alone is a repository")]
    [TestCase("foo_bar.com:8080", "docker.io/library/foo_bar.com:8080", TestName = "an underscore is none of a host's")]
    [TestCase("foo/foo_bar.com:8080", "docker.io/foo/foo_bar.com:8080", TestName = "a first part without dot and colon is no host")]
    [TestCase("test:5000/repo", "test:5000/repo", TestName = "a colon makes a host")]
    [TestCase("192.168.1.1:750050/repo", "192.168.1.1:750050/repo", TestName = "the grammar leaves a port's range to whoever connects")]
    [TestCase("[fd00123123123]:75050/repo", "[fd00123123123]:75050/repo", TestName = "the grammar leaves an address's form to whoever connects")]
    [TestCase("[2001:db8::]:5000/repo", "[2001:db8::]:5000/repo", TestName = "an IPv6 host that ends in colons")]
    [TestCase("[fc00:1:2:3:4:5:6:7]:5000/library/debian", "[fc00:1:2:3:4:5:6:7]:5000/library/debian", TestName = "a whole IPv6 host")]
    [TestCase("DOCKER/docker", "DOCKER/docker", TestName = "a first part in capitals is a host, not a user")]
    [TestCase("Example-1/image:1.0-BETA", "Example-1/image:1.0-BETA", TestName = "one capital is enough for a host")]
    [TestCase("docker.io/" + Hex, "docker.io/library/" + Hex, TestName = "64 hex digits behind a host are a name")]
    [TestCase(Hex + "0", "docker.io/library/" + Hex + "0", TestName = "65 hex digits are a name")]
    [TestCase("docker.io/library/foo/bar", "docker.io/library/foo/bar", TestName = "library may have deeper paths")]
    [TestCase("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io/test.example.com/my-app:test.example.com", TestName = "a host's name inside a path and a tag")]
    [TestCase("registry.io/foo/project--id.module--name.ver---sion--name", "registry.io/foo/project--id.module--name.ver---sion--name", TestName = "any number of dashes")]
    [TestCase("gcr.io/project-id/image:w1th-alpha_num3ric.PLUScaps", "gcr.io/project-id/image:w1th-alpha_num3ric.PLUScaps", TestName = "a tag of all characters")]
    [TestCase("localhost:8080@sha256:" + Hex, "docker.io/library/localhost:8080@sha256:" + Hex, TestName = "localhost with a port and a digest is a name with a tag")]
    [TestCase("app@other:" + Hex, "docker.io/library/app@other:" + Hex, TestName = "a digest of an unknown algorithm")]
    public void Reads(string text, string canonical) => Assert.That(ImageReference.Parse(text).ToString(), Is.EqualTo(canonical));

    [TestCase("", TestName = "nothing is no reference")]
    [TestCase(Hex, TestName = "64 hex digits look like an identifier")]
    [TestCase("App", TestName = "capitals in a repository")]
    [TestCase("user/App", TestName = "capitals behind a user")]
    [TestCase("docker.io/", TestName = "an empty repository")]
    [TestCase("/app", TestName = "an empty first part")]
    [TestCase("a//b", TestName = "an empty part")]
    [TestCase("a/", TestName = "a slash at the end")]
    [TestCase("a..b", TestName = "two dots")]
    [TestCase("a___b", TestName = "three underscores")]
    [TestCase("-a", TestName = "a dash first")]
    [TestCase("a-", TestName = "a dash last")]
    [TestCase("a:", TestName = "an empty tag")]
    [TestCase("a:.b", TestName = "a tag that begins with a dot")]
    [TestCase("a:-b", TestName = "a tag that begins with a dash")]
    [TestCase("a:b c", TestName = "a space in a tag")]
    [TestCase("a:b\n", TestName = "a line feed behind a tag")]
    [TestCase("a\n", TestName = "a line feed behind a name")]
    [TestCase("a:tág", TestName = "a letter beyond ASCII in a tag")]
    [TestCase("caf\u00e9", TestName = "a letter beyond ASCII in a name")]
    [TestCase("a\u0663", TestName = "an Arabic digit")]
    [TestCase("exämple.com/a", TestName = "a letter beyond ASCII in a host")]
    [TestCase("my_host.com/a", TestName = "an underscore in a host")]
    [TestCase("example.com./a", TestName = "a dot at a host's end")]
    [TestCase("-x.com/a", TestName = "a host that begins with a dash")]
    [TestCase("x.com:/a", TestName = "an empty port")]
    [TestCase("x.com:5a/a", TestName = "letters in a port")]
    [TestCase("[::1/a", TestName = "a bracket left open")]
    [TestCase("[fe80::1%eth0]/a", TestName = "an IPv6 zone")]
    [TestCase("[]/a", TestName = "empty brackets")]
    [TestCase("https://example.com/a", TestName = "a scheme")]
    [TestCase("a@", TestName = "an empty digest")]
    [TestCase("a@sha256:abc", TestName = "a short digest")]
    [TestCase("a@sha256:" + "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", TestName = "a digest in capitals")]
    [TestCase("a@sha256:" + Hex + ":tag", TestName = "a tag behind a digest")]
    [TestCase("@sha256:" + Hex, TestName = "a digest alone")]
    [TestCase(":justtag", TestName = "a tag alone")]
    [TestCase("aa/asdf$$^/aa", TestName = "signs beyond the grammar")]
    [TestCase("test:5000/Uppercase/lowercase:tag", TestName = "capitals behind a host with a port")]
    [TestCase("docker/", TestName = "a user without a repository")]
    [TestCase("____/____", TestName = "nothing but underscores")]
    [TestCase("_docker/_docker", TestName = "an underscore first")]
    [TestCase("docker-/docker", TestName = "a dash at a user's end")]
    [TestCase("dock_.er/docker", TestName = "two kinds of separator together")]
    [TestCase("docker./docker", TestName = "a host's dot without more")]
    [TestCase("do__cker:8080/docker", TestName = "underscores in a host with a port")]
    [TestCase("foo.com:http/bar", TestName = "a port of letters")]
    [TestCase("[2001:db8::1]", TestName = "an IPv6 host alone")]
    [TestCase("[2001:db8::1]:5000", TestName = "an IPv6 host with a port alone")]
    [TestCase("fc00::1:5000/debian", TestName = "IPv6 without brackets")]
    [TestCase("[2001:db8:3:4::192.0.2.33]:5000/debian", TestName = "IPv6 with a dotted end")]
    [TestCase("[fd00:1:2::3]75050/a", TestName = "a port without its colon")]
    [TestCase("[fd00:1:2::3]::75050/a", TestName = "a port with two colons")]
    [TestCase("gcr.io/project-id/bad_chars:c@n'tuse", TestName = "an at sign in a tag")]
    [TestCase("registry.com:8080/myapp:invalid~tag", TestName = "a tilde in a tag")]
    [TestCase("foo@example.com/repo:tag", TestName = "a user before the host")]
    [TestCase("invalid host.com/repo:tag", TestName = "a space in a host")]
    [TestCase(" busybox", TestName = "a space first")]
    [TestCase("a@:" + Hex, TestName = "a digest without its algorithm")]
    [TestCase("a@SHA256:" + Hex, TestName = "an algorithm in capitals")]
    [TestCase("ocidir://path/to/dir", TestName = "another transport")]
    [TestCase("a/../b", TestName = "a path that climbs")]
    [TestCase("a/%2e%2e/b", TestName = "a path that climbs in disguise")]
    [TestCase("exa\uff0emple.com/a", TestName = "a dot of another script")]
    public void Refuses(string text)
    {
        Assert.That(ImageReference.TryParse(text, out ImageReference? reference), Is.False, () => $"read as {reference}");
        Assert.That(() => ImageReference.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("is no image reference: "));
    }

    [TestCase("docker://busybox", "'docker://' before them: leave it out")]
    [TestCase("https://registry.example.com/app", "'https://' before them")]
    [TestCase("oci:folder:1", "oci-layout://DIRECTORY[:TAG]")]
    [TestCase("oci-archive:a.tar:b", "imagekit load")]
    public void Names_of_other_tools_are_told_how_to_be_written(string text, string expected) =>
        Assert.That(() => ImageReference.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(expected));

    [TestCase("oci:1")]
    [TestCase("dir:latest")]
    public void A_repository_may_be_called_like_a_transport(string text) => Assert.That(ImageReference.TryParse(text, out _), Is.True);

    [Test]
    public void Null_is_no_reference() => Assert.That(ImageReference.TryParse(null, out _), Is.False);

    [TestCase(127, true)]
    [TestCase(128, true)]
    [TestCase(129, false)]
    public void A_tag_has_at_most_128_characters(int length, bool good) =>
        Assert.That(ImageReference.TryParse("a:" + new string('t', length), out _), Is.EqualTo(good));

    [TestCase(254, true)]
    [TestCase(255, true)]
    [TestCase(256, false)]
    public void A_name_has_at_most_255_characters_with_its_host(int length, bool good) =>
        Assert.That(ImageReference.TryParse("x.io/" + new string('a', length - 5), out _), Is.EqualTo(good));

    [TestCase("busybox", "busybox", TestName = "official images lose library")]
    [TestCase("docker.io/library/busybox:1", "busybox:1", TestName = "the tag stays")]
    [TestCase("docker.io/user/app@sha256:" + Hex, "user/app@sha256:" + Hex, TestName = "the digest stays")]
    [TestCase("localhost:5000/app", "localhost:5000/app", TestName = "other hosts stay")]
    [TestCase("docker.io/library/a/b", "library/a/b", TestName = "deeper paths keep library")]
    [TestCase("docker.io/localhost/app", "docker.io/localhost/app", TestName = "a user called localhost keeps the host")]
    public void Familiar_text_is_read_back_as_the_same(string text, string familiar)
    {
        ImageReference reference = ImageReference.Parse(text);
        Assert.That(reference.Familiar, Is.EqualTo(familiar));
        Assert.That(ImageReference.Parse(familiar), Is.EqualTo(reference));
    }

    [Test]
    public void The_error_says_how_to_write_capitals() =>
        Assert.That(() => ImageReference.Parse("Team/App"), Throws.TypeOf<FormatException>().With.Message.Contains("write 'app'"));

    [Test]
    public void A_reference_without_tag_and_digest_means_latest()
    {
        Assert.That(ImageReference.Parse("a").TagOrLatest.Tag, Is.EqualTo("latest"));
        Assert.That(ImageReference.Parse("a:1").TagOrLatest.Tag, Is.EqualTo("1"));
        Assert.That(ImageReference.Parse("a@sha256:" + Hex).TagOrLatest.Tag, Is.Null);
    }

    [Test]
    public void Another_tag_drops_the_digest_and_another_digest_keeps_the_tag()
    {
        ImageReference reference = ImageReference.Parse("a:1@sha256:" + Hex);
        Assert.That(reference.WithTag("2").ToString(), Is.EqualTo("docker.io/library/a:2"));
        Digest other = Digest.Of("x"u8);
        Assert.That(reference.WithDigest(other).ToString(), Is.EqualTo($"docker.io/library/a:1@{other}"));
        Assert.That(() => reference.WithTag("a b"), Throws.TypeOf<FormatException>());
    }

    [TestCase("docker.io")]
    [TestCase("index.docker.io")]
    [TestCase("registry-1.docker.io")]
    [TestCase("https://index.docker.io/v1/")]
    [TestCase("Index.Docker.IO")]
    public void Docker_Hub_has_one_key(string alias) => Assert.That(ImageReference.CanonicalRegistry(alias), Is.EqualTo("docker.io"));

    [TestCase("https://Registry.example.com:5000/v2/", "registry.example.com:5000")]
    [TestCase("localhost:5000", "localhost:5000")]
    [TestCase("[::1]:5000", "[::1]:5000")]
    public void Other_registries_lose_scheme_path_and_capitals(string text, string key) => Assert.That(ImageReference.CanonicalRegistry(text), Is.EqualTo(key));
}

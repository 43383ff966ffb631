using ImageKit.Oci;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>registries.conf: what podman and skopeo read in it, we read.</summary>
internal sealed class RegistriesConfTests
{
    private const string Digest = "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private const string Mirrored = """
        [[registry]]
        location = "registry.com"
        [[registry.mirror]]
        location = "mirror-1.registry.com"
        [[registry.mirror]]
        location = "mirror-2.registry.com/deep"
        insecure = true

        [[registry]]
        location = "blocked.registry.com"
        blocked = true
        """;

    [TestCase("example.com/image", "example.com", "example.com", "example.com/image", TestName = "the registry itself stays")]
    [TestCase("example.com/image:latest", "example.com", "other.com", "other.com/image:latest", TestName = "a registry is replaced")]
    [TestCase("example.com:5000/image", "example.com:5000", "example.com:5001", "example.com:5001/image", TestName = "ports count")]
    [TestCase("example.com/foo/image:latest", "example.com/foo", "example.com", "example.com/image:latest", TestName = "a namespace is taken away")]
    [TestCase("example.com/foo/image:latest", "example.com/foo", "example.com/path", "example.com/path/image:latest", TestName = "a namespace is replaced by a path")]
    [TestCase("example.com/foo" + Digest, "example.com/foo", "m.com/bar", "m.com/bar" + Digest, TestName = "a whole name is replaced, the digest stays")]
    [TestCase("docker.io/library/image", "docker.io/library", "example.com", "example.com/image", TestName = "library is written out in a prefix")]
    [TestCase("image", "docker.io", "example.com", "example.com/library/image", TestName = "short names are of docker.io/library")]
    [TestCase("docker.io/library/prefix/image", "docker.io/library/prefix", "example.com", "example.com/image", TestName = "a deeper namespace")]
    [TestCase("a.example.com/foo", "*.example.com", "m.com/x", "m.com/x/foo", TestName = "a wildcard takes the host away")]
    [TestCase("a.b.example.com:5000/foo", "*.example.com", "m.com", "m.com:5000/foo", TestName = "a wildcard leaves the port")]
    public void ReplacesThePrefixByTheLocation(string image, string prefix, string location, string expected)
    {
        RegistriesConf conf = RegistriesConf.Parse($"[[registry]]\nprefix = \"{prefix}\"\nlocation = \"{location}\"\n");
        Assert.That(conf.Diagnostics, Is.Empty);
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse(image), conf);
        PlannedEndpoint only = plan.Endpoints.Single();
        Assert.That(only.IsUsed, Is.True, only.Skipped);
        ImageReference reference = ImageReference.Parse(image);
        string suffix = reference.Digest is { } digest ? "@" + digest : reference.Tag is { } tag ? ":" + tag : "";
        Assert.That($"{only.Host}/{only.Repository}{suffix}", Is.EqualTo(expected));
    }

    [TestCase("example.com:5000/image", "example.com", "example.com:5000", TestName = "a port behind a port")]
    [TestCase("example.com/foo" + Digest, "example.com/foo", "example.com", TestName = "nothing is left for a repository")]
    [TestCase("example.com/foo/image", "example.com/foo", "example.com//path", TestName = "an empty part of a path")]
    public void ALocationThatGivesNoNameIsNotUsed(string image, string prefix, string location)
    {
        RegistriesConf conf = RegistriesConf.Parse($"[[registry]]\nprefix = \"{prefix}\"\nlocation = \"{location}\"\n");
        Assert.That(EndpointPlan.For(ImageReference.Parse(image), conf).Upstream.Skipped, Is.Not.Null);
    }

    [TestCase("example.com/foo", "example.com", true)]
    [TestCase("example.com/foo/bar:baz", "example.com", true)]
    [TestCase("example.com:5000/foo", "example.com", true, TestName = "a port does not matter to a prefix without one, as in podman")]
    [TestCase("example.com:50000/foo", "example.com:5000", false)]
    [TestCase("example.com/foo", "example.co", false)]
    [TestCase("docker.io/libraryy/x", "docker.io/library", false)]
    [TestCase("docker.io/library/busybox2", "docker.io/library/busybox", false)]
    [TestCase("docker.io/library/busybox", "docker.io/library/busybox", true)]
    [TestCase("example.com/foo:bar", "example.com/foo:bar", false, TestName = "a tag in a prefix matches nothing")]
    [TestCase("foo.example.com/x", "*.example.com", true)]
    [TestCase("foo.bar.example.com/x", "*.example.com", true)]
    [TestCase("example.com/x", "*.example.com", false, TestName = "a wildcard is for what is below alone")]
    [TestCase("example.com/foo.example.com/x", "*.example.com", false, TestName = "a wildcard does not look into paths")]
    [TestCase("foo.example.com.evil.org/x", "*.example.com", false)]
    [TestCase("quay.io/x/y", "*.io", true)]
    public void Matches(string image, string prefix, bool matches)
    {
        RegistriesConf conf = RegistriesConf.Parse($"[[registry]]\nprefix = \"{prefix}\"\nlocation = \"other.com\"\n");
        Assert.That(conf.Find(ImageReference.Parse(image)) is not null, Is.EqualTo(matches));
    }

    [Test]
    public void TheLongestPrefixDecides()
    {
        RegistriesConf conf = RegistriesConf.Parse("""
            [[registry]]
            location = "registry.com:5000"
            prefix = "simple-prefix.com"
            [[registry]]
            location = "another-registry.com:5000"
            prefix = "complex-prefix.com:4000/with/path"
            [[registry]]
            location = "no-prefix.com"
            [[registry]]
            location = "empty-prefix.com"
            prefix = ""
            [[registry]]
            location = "deeper.com"
            prefix = "simple-prefix.com/foo"
            [[registry]]
            prefix = "*.not.com"
            blocked = true
            """);
        Assert.That(conf.Diagnostics, Is.Empty);
        Assert.That(conf.Registries, Has.Length.EqualTo(6));
        Assert.That(Location("simple-prefix.com/bar:latest"), Is.EqualTo("registry.com:5000"));
        Assert.That(Location("simple-prefix.com/foo/bar"), Is.EqualTo("deeper.com"));
        Assert.That(Location("complex-prefix.com:4000/with/path/and/beyond:tag"), Is.EqualTo("another-registry.com:5000"));
        Assert.That(Location("no-prefix.com/foo"), Is.EqualTo("no-prefix.com"));
        Assert.That(Location("empty-prefix.com/foo"), Is.EqualTo("empty-prefix.com"));
        Assert.That(Location("simple-prefix.comx/foo"), Is.Null);
        Assert.That(conf.Find(ImageReference.Parse("a.not.com/x")), Has.Property("Blocked").True.And.Property("Location").Empty);

        string? Location(string image) => conf.Find(ImageReference.Parse(image))?.Location;
    }

    [Test]
    public void MirrorsComeInTheirOrderAndTheRegistryLast()
    {
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("registry.com/image:tag"), RegistriesConf.Parse(Mirrored));
        Assert.That(plan.Endpoints.Select(endpoint => endpoint.ToString()), Is.EqualTo(new[]
        {
            "https://mirror-1.registry.com/v2/image", "https://mirror-2.registry.com/v2/deep/image", "https://registry.com/v2/image",
        }));
        Assert.That(plan.Endpoints.Select(endpoint => endpoint.Tls.AllowsPlain), Is.EqualTo(new[] { false, true, false }));
        Assert.That(plan.Endpoints.Select(endpoint => endpoint.IsMirror), Is.EqualTo(new[] { true, true, false }));
        Assert.That(plan.Endpoints[1].Place, Is.EqualTo(new ConfigurationPlace("registries.conf", 5, plan.Endpoints[1].Place.Column)));
    }

    [Test]
    public void BlockedRegistriesGiveNothing()
    {
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("blocked.registry.com/image"), RegistriesConf.Parse(Mirrored));
        Assert.That(plan.Used, Is.Empty);
        Assert.That(plan.ThrowIfBlocked, Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2044"));
    }

    [TestCase("mirror-by-digest-only = true", "", "image:tag", 0)]
    [TestCase("mirror-by-digest-only = true", "", "image" + Digest, 1)]
    [TestCase("", "pull-from-mirror = \"digest-only\"", "image:tag", 0)]
    [TestCase("", "pull-from-mirror = \"digest-only\"", "image" + Digest, 1)]
    [TestCase("", "pull-from-mirror = \"digest-only\"", "image:tag" + Digest, 1, TestName = "a tag beside a digest does not matter")]
    [TestCase("", "pull-from-mirror = \"tag-only\"", "image:tag", 1)]
    [TestCase("", "pull-from-mirror = \"tag-only\"", "image" + Digest, 0)]
    [TestCase("", "pull-from-mirror = \"all\"", "image" + Digest, 1)]
    [TestCase("", "", "image", 1)]
    public void MirrorsServeTheirKindOfReferences(string ofRegistry, string ofMirror, string image, int mirrors)
    {
        RegistriesConf conf = RegistriesConf.Parse($"[[registry]]\nlocation = \"r.com\"\n{ofRegistry}\n[[registry.mirror]]\nlocation = \"m.com\"\n{ofMirror}\n");
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse($"r.com/{image}"), conf);
        Assert.That(plan.Used.Count(endpoint => endpoint.IsMirror), Is.EqualTo(mirrors));
    }

    [TestCase("[[registry]]\nlocation = \"https://example.com\"", "scheme")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\n[[registry]]\nblocked = true", "neither 'location' nor 'prefix'")]
    [TestCase("[[registry]]\nprefix = \"r.com\"", "no 'location'")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\nprefix = \"http://schema-is-invalid.com\"", "scheme")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\n[[registry.mirror]]\n", "mirror has no 'location'")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\n[[registry]]\nprefix = \"p.com\"\nlocation = \"r.com\"\ninsecure = true", "conflicting 'insecure'")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\n[[registry]]\nprefix = \"p.com\"\nlocation = \"r.com\"\nblocked = true", "conflicting 'blocked'")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\npull-from-mirror = \"all\"", "stands in a registry")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = \"m.com\"\npull-from-mirror = \"all\"", "'pull-from-mirror'")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\n[[registry.mirror]]\nlocation = \"m.com\"\npull-from-mirror = \"notvalid\"", "notvalid")]
    [TestCase("unqualified-search-registries = [\"https://r.com\"]", "no host")]
    [TestCase("unqualified-search-registries = [\"r.com/path\"]", "no host")]
    [TestCase("unqualified-search-registries = \"r.com\"", "list of strings")]
    [TestCase("short-name-mode = \"invalid\"", "short-name-mode")]
    [TestCase("[aliases]\n\"localhost/a\" = \"quay.io/a\"", "holds a registry")]
    [TestCase("[aliases]\na = \"library/a\"", "no registry")]
    [TestCase("[aliases]\na = \"quay.io/a:1\"", "a tag")]
    [TestCase("[aliases]\n\"a:1\" = \"quay.io/a\"", "a tag")]
    [TestCase("[registries.search]\nregistries = [\"a.com\"]\n[[registry]]\nlocation = \"b.com\"", "mixes version 1")]
    [TestCase("[[registry]\nlocation = 1", "")]
    [TestCase("[[registry]]\nlocation = 1", "not a string")]
    public void WhatIsWrongIsAnError(string text, string says)
    {
        RegistriesConf conf = RegistriesConf.Parse(text);
        Assert.That(conf.Diagnostics.Where(found => found.IsError).Select(found => found.Message), Has.Some.Contains(says));
        Assert.That(() => EndpointPlan.For(ImageReference.Parse("busybox"), conf), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2040"));
    }

    [TestCase("[[registry]]\nlocation = \"r.com\"\nsearch = true", "registry.search")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\n[[registry]]\nlocation = \"r.com\"", "twice")]
    [TestCase("[[registry]]\nlocation = \"r.com\"\nprefix = \"example.*.com\"", "may not match")]
    [TestCase("unknown = 1", "unknown")]
    public void WhatHasNoEffectIsAWarning(string text, string says)
    {
        RegistriesConf conf = RegistriesConf.Parse(text);
        Assert.That(conf.Diagnostics.Single(), Has.Property("IsError").False.And.Property("Message").Contains(says));
    }

    [TestCase("example.com", "example.com")]
    [TestCase("example.com/", "example.com")]
    [TestCase("example.com//////", "example.com")]
    [TestCase("example.com:5000/with/path", "example.com:5000/with/path")]
    public void SlashesAtTheEndGo(string written, string read) =>
        Assert.That(RegistriesConf.Parse($"[[registry]]\nlocation = \"{written}\"").Registries.Single().Location, Is.EqualTo(read));

    [Test]
    public void TheFirstVersionIsReadWhereItStandsAlone()
    {
        const string text = """
            [registries.search]
            registries = ["registry-a.com////", "registry-c.com"]
            [registries.block]
            registries = ["registry-b.com"]
            [registries.insecure]
            registries = ["registry-b.com////", "registry-d.com"]
            """;
        RegistriesConf conf = RegistriesConf.Parse(text);
        Assert.That(conf.Diagnostics.Any(found => found.IsError), Is.False);
        Assert.That(conf.UnqualifiedSearchRegistries, Is.EqualTo(new[] { "registry-a.com", "registry-c.com" }));
        Assert.That(conf.Find(ImageReference.Parse("registry-b.com/bar/foo:latest")), Has.Property("Blocked").True.And.Property("Insecure").True);
        Assert.That(RegistriesConf.Parse(text, isDropIn: true).Diagnostics.Any(found => found.IsError), Is.True);
    }

    [Test]
    public void DropInsComeOnTop()
    {
        RegistriesConf conf = RegistriesConf.Parse("""
            unqualified-search-registries = ["base.com"]
            short-name-mode = "enforcing"
            credential-helpers = ["a"]
            [[registry]]
            location = "base.com"
            [[registry]]
            location = "kept.com"
            [aliases]
            a = "base.com/a"
            b = "base.com/b"
            """).With(RegistriesConf.Parse("""
            unqualified-search-registries = []
            credential-helpers = []
            [[registry]]
            location = "base.com"
            insecure = true
            [aliases]
            a = "later.com/a"
            b = ""
            """, isDropIn: true));
        Assert.That(conf.Find(ImageReference.Parse("base.com/x"))!.Insecure, Is.True);
        Assert.That(conf.Registries, Has.Length.EqualTo(2));
        Assert.That(conf.UnqualifiedSearchRegistries, Is.Empty, "an empty list is said, too");
        Assert.That(conf.ShortNames, Is.EqualTo(ShortNameMode.Enforcing));
        Assert.That(conf.CredentialHelpers, Is.EqualTo(new[] { "a" }), "an empty list of helpers says nothing");
        Assert.That(conf.Candidates("a:1").Single().ToString(), Is.EqualTo("later.com/a:1"));
        Assert.That(conf.Candidates("b"), Is.Empty, "the alias was taken away");
    }

    [Test]
    public void WhatShortNamesWouldMeanElsewhereIsToldAndNothingMore()
    {
        MirrorConfiguration configuration = MirrorConfiguration.Of(RegistriesConf.Parse("unqualified-search-registries = [\"docker.io\", \"quay.io\"]\n[aliases]\nfedora = \"registry.fedoraproject.org/fedora\"\n"));
        Assert.That(configuration.OtherMeanings(ImageReference.Parse("fedora:40")).Select(other => other.ToString()), Is.EqualTo(new[] { "registry.fedoraproject.org/fedora:40" }));
        Assert.That(configuration.OtherMeanings(ImageReference.Parse("team/app")).Select(other => other.ToString()), Is.EqualTo(new[] { "quay.io/team/app" }));
        Assert.That(configuration.OtherMeanings(ImageReference.Parse("ghcr.io/team/app")), Is.Empty);
        Assert.That(EndpointPlan.For(ImageReference.Parse("fedora:40"), configuration).Upstream.ToString(), Is.EqualTo("https://registry-1.docker.io/v2/library/fedora"), "it is Docker Hub's all the same");
    }

    [TestCase("fedora", "registry.fedoraproject.org/fedora")]
    [TestCase("fedora:40", "registry.fedoraproject.org/fedora:40")]
    [TestCase("other", "docker.io/library/other quay.io/other")]
    [TestCase("name/space:1", "docker.io/name/space:1 quay.io/name/space:1")]
    [TestCase("quay.io/x", "")]
    [TestCase("localhost/x", "")]
    public void ShortNamesHaveCandidates(string name, string candidates)
    {
        RegistriesConf conf = RegistriesConf.Parse("unqualified-search-registries = [\"docker.io\", \"quay.io\"]\n[aliases]\nfedora = \"registry.fedoraproject.org/fedora\"\n");
        Assert.That(string.Join(' ', conf.Candidates(name)), Is.EqualTo(candidates));
    }
}

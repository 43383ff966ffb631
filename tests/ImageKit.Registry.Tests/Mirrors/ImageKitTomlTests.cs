using ImageKit.Oci;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>imagekit.toml, and which of several files decides.</summary>
internal sealed class ImageKitTomlTests
{
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"m.com\"]", "nginx", "https://m.com/v2/library/nginx")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"m.com/deep\"]", "nginx", "https://m.com/v2/deep/library/nginx")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [{ url = \"https://m.com/deep\", path-rule = \"before-v2\" }]", "nginx", "https://m.com/deep/v2/library/nginx")]
    [TestCase("[[registry.\"docker.io\".mirror]]\nurl = \"https://m.com/v2/docker.io\"\npath-rule = \"override\"", "nginx", "https://m.com/v2/docker.io/library/nginx")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"http://m.com:8080\"]", "nginx", "http://m.com:8080/v2/library/nginx")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"daocloud\"]", "nginx", "https://m.daocloud.io/v2/docker.io/library/nginx")]
    [TestCase("[registry.\"*\"]\nmirrors = [\"daocloud\"]", "ghcr.io/a/b", "https://m.daocloud.io/v2/ghcr.io/a/b")]
    [TestCase("[registry.\"ghcr.io/a\"]\nmirrors = [\"daocloud\"]", "ghcr.io/a/b", "https://m.daocloud.io/v2/ghcr.io/a/b")]
    [TestCase("[registry.\"quay.io\"]\nmirrors = [\"daocloud-host\"]", "quay.io/a/b", "https://quay.m.daocloud.io/v2/a/b")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [{ preset = \"aliyun\", account = \"abc123\" }]", "nginx", "https://abc123.mirror.aliyuncs.com/v2/library/nginx")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"mirror.gcr.io\"]", "nginx", "https://mirror.gcr.io/v2/library/nginx")]
    [TestCase("[registry.\"docker.io/library\"]\nmirrors = [\"aws-public\"]", "nginx", "https://public.ecr.aws/v2/docker/library/nginx")]
    public void MirrorsAreAddressesPresetsOrTables(string text, string image, string first)
    {
        ImageKitToml own = ImageKitToml.Parse(text);
        Assert.That(own.Diagnostics, Is.Empty);
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse(image), own);
        Assert.That(plan.Endpoints[0].ToString(), Is.EqualTo(first));
        Assert.That(plan.Endpoints, Has.Length.EqualTo(2));
        Assert.That(plan.Endpoints.All(endpoint => endpoint.IsUsed), Is.True);
    }

    [TestCase("daoclaud", "no preset")]
    [TestCase("daocloud", null)]
    [TestCase("mirror:5000", null)]
    [TestCase("localhost", null)]
    public void ANameWithoutADotIsProbablyAPresetMisspelt(string mirror, string? warning)
    {
        ImageKitToml read = ImageKitToml.Parse($"[registry.\"docker.io\"]\nmirrors = [\"{mirror}\"]");
        Assert.That(read.Diagnostics.Select(found => $"{found} {found.Mend}"), warning is null ? Is.Empty : Has.One.Contain(warning).And.One.Contain("daocloud"));
    }

    [Test]
    public void ARegistryMaySayEverythingOfItself()
    {
        ImageKitToml own = ImageKitToml.Parse("""
            tags = "upstream"
            with-login = "use-mirrors"
            [registry."team.example.com"]
            location = "registry.internal:5000/team"
            insecure = true
            ca = "ca.pem"
            client-cert = "me.cert"
            client-key = "me.key"
            tags = "mirror"
            order = "fastest"
            [registry."team.example.com/secret"]
            blocked = true
            """, "/etc/imagekit/imagekit.toml");
        Assert.That(own.Diagnostics, Is.Empty);
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("team.example.com/app"), own);
        Assert.That(plan.Upstream.ToString(), Is.EqualTo("https://registry.internal:5000/v2/team/app"));
        Assert.That(plan.Upstream.Tls, Is.EqualTo(new EndpointTls
        {
            AllowsPlain = true,
            SkipsVerification = true,
            Authorities = ["/etc/imagekit/ca.pem"],
            Clients = [new("/etc/imagekit/me.cert", "/etc/imagekit/me.key")],
        }));
        Assert.That((plan.Tags, plan.Logins, plan.Order), Is.EqualTo((TagPolicy.Mirror, LoginPolicy.UseMirrors, MirrorOrder.Fastest)));
        Assert.That(EndpointPlan.For(ImageReference.Parse("team.example.com/secret/x"), own).IsBlocked, Is.True);
        Assert.That(EndpointPlan.For(ImageReference.Parse("other.com/x"), own).Tags, Is.EqualTo(TagPolicy.Upstream));
    }

    [TestCase("tags = \"sometimes\"", "sometimes")]
    [TestCase("[registry.\"docker.io\"]\norder = \"random\"", "random")]
    [TestCase("import = [\"passwd\"]", "passwd")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"\"]", "no address")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [1]", "neither an address")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [{ only = \"all\" }]", "neither 'url' nor 'preset'")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [{ preset = \"nobody\" }]", "nobody")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [\"aliyun\"]", "account")]
    [TestCase("[registry.\"quay.io\"]\nmirrors = [\"mirror.gcr.io\"]", "serves docker.io")]
    [TestCase("[registry.\"docker.io\"]\nclient-key = \"k\"", "client-cert")]
    [TestCase("[registry.\"docker.io\"]\nmirrors = [{ url = \"m.com\", path-rule = \"x\" }]", "path-rule")]
    public void WhatIsWrongIsAnError(string text, string says) =>
        Assert.That(ImageKitToml.Parse(text).Diagnostics.Where(found => found.IsError).Select(found => found.Message), Has.Some.Contains(says));

    [Test]
    public void TheFirstFileThatHasARuleDecidesAndTheOthersAreNamed()
    {
        ImageKitToml own = ImageKitToml.Parse("[registry.\"quay.io\"]\nmirrors = [\"own.com\"]");
        RegistriesConf conf = RegistriesConf.Parse("[[registry]]\nlocation = \"docker.io\"\n[[registry.mirror]]\nlocation = \"conf.com\"");
        DaemonJson daemon = DaemonJson.Parse("{\"registry-mirrors\":[\"https://daemon.com\"],\"insecure-registries\":[\"conf.com\"]}");
        EndpointPlan plan = EndpointPlan.For(ImageReference.Parse("nginx"), own, conf, daemon);
        Assert.That(plan.Endpoints[0].Host, Is.EqualTo("conf.com"));
        Assert.That(plan.Format, Is.EqualTo("registries.conf"));
        Assert.That(plan.Passed.Single().Mirrors.Single().Host, Is.EqualTo("daemon.com"));
        Assert.That(plan.Endpoints[0].Tls.AllowsPlain, Is.True, "how a host is secured counts from every file");
    }

    [Test]
    public void WhatAnyFileBlocksIsBlocked()
    {
        ImageKitToml own = ImageKitToml.Parse("[registry.\"bad.com\"]\nmirrors = [\"own.com\"]");
        RegistriesConf conf = RegistriesConf.Parse("[[registry]]\nlocation = \"bad.com\"\nblocked = true");
        Assert.That(EndpointPlan.For(ImageReference.Parse("bad.com/x"), own, conf).IsBlocked, Is.True);
    }

    [Test]
    public void FilesOfTheMachineAreFoundAndReadInOrder()
    {
        using TemporaryFolder folder = new();
        string Write(string name, string text)
        {
            string path = Path.Combine(folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return path;
        }
        MirrorFiles files = new()
        {
            RegistriesConf = Write("registries.conf", "[[registry]]\nlocation = \"a.com\"\n[[registry.mirror]]\nlocation = \"main.com\""),
            RegistriesConfFolders = [Path.Combine(folder.Path, "registries.conf.d"), Path.Combine(folder.Path, "none.d")],
            HostsFolders = [Path.Combine(folder.Path, "certs.d")],
            DaemonJson = Write("daemon.json", "{\"registry-mirrors\":[\"https://daemon.com\"]}"),
            CertificateFolders = [Path.Combine(folder.Path, "certs")],
        };
        Write("registries.conf.d/20.conf", "[[registry]]\nlocation = \"a.com\"\n[[registry.mirror]]\nlocation = \"twenty.com\"");
        Write("registries.conf.d/10.conf", "[[registry]]\nlocation = \"a.com\"\n[[registry.mirror]]\nlocation = \"ten.com\"");
        Write("registries.conf.d/30.ignored", "broken [");
        Write("certs.d/_default/hosts.toml", "[host.\"https://every.com\"]");
        Write("certs.d/b.com_5000_/hosts.toml", "[host.\"https://own.com\"]");
        Write("certs/c.com:5000/ca.crt", "");
        MirrorConfiguration read = files.Read();
        Assert.That(First("a.com/x"), Is.EqualTo("twenty.com"));
        Assert.That(First("b.com:5000/x"), Is.EqualTo("own.com"));
        Assert.That(First("nginx"), Is.EqualTo("every.com"), "hosts.toml comes before daemon.json");
        Assert.That(read.TlsOf("c.com:5000").Authorities.Single(), Does.EndWith("c.com:5000/ca.crt"));
        Assert.That(read.TlsOf("c.com").IsStandard, Is.True, "the port must be the same");
        Assert.That((files with { Own = Write("imagekit.toml", "import = [\"daemon.json\"]") }).Read().Sources.Select(source => source.Format), Is.EqualTo(new[] { "imagekit.toml", "daemon.json" }));
        Write("certs/c.com:5000/half.key", "");
        Assert.That(() => read.TlsOf("c.com:5000"), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2042"));

        string First(string image) => EndpointPlan.For(ImageReference.Parse(image), read).Endpoints[0].Host;
    }
}

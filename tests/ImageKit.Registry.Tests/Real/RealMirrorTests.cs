using ImageKit.Oci;

namespace ImageKit.Registry.Tests;

/// <summary>Mirrors, certificates and proxies against Debian's docker-registry.</summary>
internal sealed class RealMirrorTests
{
    [Test]
    public async Task Content_comes_through_a_pull_through_cache_and_survives_its_upstream()
    {
        await using RealRegistry upstream = await RealRegistry.StartAsync();
        await using RealRegistry cache = await RealRegistry.StartAsync(_ => $"proxy: {{remoteurl: \"http://{upstream.Host}\"}}");
        SmallImage image = await PushAsync(upstream.Host, new() { Mirrors = MirrorConfiguration.None });
        RegistryOptions options = new()
        {
            Credentials = CredentialSources.Anonymous,
            Mirrors = MirrorConfiguration.Of(HostsToml.Parse($"[host.\"http://{cache.Host}\"]\ncapabilities = [\"pull\", \"resolve\"]\n", upstream.Host)),
        };
        using RegistryClient client = new(options);
        Assert.That(await PullAsync(client, upstream.Host), Is.EqualTo(image.Root.Digest));
        Assert.That(client.Traffic.Where(traffic => traffic.Bytes > 0).Select(traffic => (traffic.Host, traffic.IsMirror)), Is.EqualTo(new[] { (cache.Host, true) }), "every blob");
        EndpointProbe[] probes = [.. await client.ProbeAsync(ImageReference.Parse($"{upstream.Host}/a/b:v1"))];
        Assert.That(probes.Select(probe => probe.Found?.Digest), Is.EqualTo(new Digest?[] { image.Root.Digest, image.Root.Digest }));

        await upstream.StopAsync();
        using RegistryClient later = new(options);
        Assert.That(await PullAsync(later, upstream.Host), Is.EqualTo(image.Root.Digest), "the cache is believed where the registry cannot be asked");
    }

    [Test]
    public async Task A_mirror_that_is_not_there_costs_no_pull()
    {
        await using RealRegistry upstream = await RealRegistry.StartAsync();
        SmallImage image = await PushAsync(upstream.Host, new() { Mirrors = MirrorConfiguration.None });
        string conf = $"[[registry]]\nlocation = \"{upstream.Host}\"\n[[registry.mirror]]\nlocation = \"127.0.0.1:{RealRegistry.FreePort()}/nowhere\"\n[[registry.mirror]]\nlocation = \"{upstream.Host}/nowhere\"\n";
        using RegistryClient client = new(new() { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.Of(RegistriesConf.Parse(conf)) });
        Assert.That(await PullAsync(client, upstream.Host), Is.EqualTo(image.Root.Digest));
    }

    [Test]
    public async Task A_private_authority_in_the_folder_of_the_host_is_trusted_and_no_other()
    {
        using TemporaryFolder folder = new();
        TestAuthority authority = new(folder.Path), other = new(folder.Path, "other");
        (string certificate, string key) = authority.Sign("server");
        await using RealRegistry registry = await RealRegistry.StartAsync(tls: _ => $"  tls: {{certificate: {certificate}, key: {key}}}");
        RegistryOptions With(string ca) => new()
        {
            Credentials = CredentialSources.Anonymous,
            Mirrors = MirrorConfiguration.None with { CertificateFolders = [CertificatesOf(folder, registry.Host, ca)] },
        };
        await PushAsync(registry.Host, With(authority.File));
        Assert.That(async () => await PushAsync(registry.Host, With(other.File)), Throws.InstanceOf<RegistryException>().With.Property("Code").EqualTo("IK2003").And.Property("Mend").Contains($"certs.d/{registry.Host}/ca.crt"));
        await PushAsync(registry.Host, new() { Mirrors = MirrorConfiguration.Of(DaemonJson.Parse($"{{\"insecure-registries\":[\"{registry.Host}\"]}}")), Credentials = CredentialSources.Anonymous });
    }

    [Test]
    public async Task A_registry_that_wants_a_clients_certificate_is_shown_it()
    {
        using TemporaryFolder folder = new();
        TestAuthority authority = new(folder.Path);
        (string certificate, string key) = authority.Sign("server");
        (string mine, string mineKey) = authority.Sign("client");
        await using RealRegistry registry = await RealRegistry.StartAsync(tls: _ => $"  tls: {{certificate: {certificate}, key: {key}, clientcas: [{authority.File}]}}");
        RegistryOptions With(string rest) => new()
        {
            Credentials = CredentialSources.Anonymous,
            Mirrors = MirrorConfiguration.Of(ImageKitToml.Parse($"[registry.\"{registry.Host}\"]\nca = \"{authority.File}\"\n{rest}\n")),
        };
        Assert.That(async () => await PushAsync(registry.Host, With("")), Throws.InstanceOf<RegistryException>());
        await PushAsync(registry.Host, With($"client-cert = \"{mine}\"\nclient-key = \"{mineKey}\""));
    }

    [Test]
    public async Task A_proxy_is_gone_through_with_its_login_but_for_hosts_that_are_excepted()
    {
        using TemporaryFolder folder = new();
        TestAuthority authority = new(folder.Path);
        (string certificate, string key) = authority.Sign("server");
        await using RealRegistry registry = await RealRegistry.StartAsync(tls: _ => $"  tls: {{certificate: {certificate}, key: {key}}}");
        int port = new Uri($"https://{registry.Host}").Port;
        using TunnelProxy proxy = new(port);
        string host = $"registry.test:{port}"; // nobody knows that name but the proxy
        RegistryOptions With(string except) => new()
        {
            Credentials = CredentialSources.Anonymous,
            Mirrors = MirrorConfiguration.Of(ImageKitToml.Parse($"[registry.\"{host}\"]\nca = \"{authority.File}\"\n")),
            Proxy = EnvironmentProxy.Read(name => name switch { "HTTPS_PROXY" => proxy.Url.ToString(), "NO_PROXY" => except, _ => null }),
            Retries = new() { Attempts = 1 },
        };
        await PushAsync(host, With("*.elsewhere.test,registry.test:1"));
        Assert.That(proxy.Asked, Is.Not.Empty.And.Some.StartsWith($"CONNECT {host} "));
        proxy.Asked.Clear();
        Assert.That(async () => await PushAsync(host, With($"*.test:{port}")), Throws.InstanceOf<RegistryException>().With.Property("Code").EqualTo("IK2001"));
        Assert.That(proxy.Asked, Is.Empty);
    }

    private static string CertificatesOf(TemporaryFolder folder, string host, string authority)
    {
        string root = Path.Combine(folder.Path, Path.GetFileNameWithoutExtension(authority) + ".d");
        Directory.CreateDirectory(Path.Combine(root, host));
        File.Copy(authority, Path.Combine(root, host, "ca.crt"), overwrite: true);
        return root;
    }

    private static async Task<SmallImage> PushAsync(string host, RegistryOptions options)
    {
        SmallImage image = await SmallImage.MakeAsync(5, 60_000, 300);
        using RegistryClient client = new(options);
        RegistryRepository repository = client.Repository(ImageReference.Parse($"{host}/a/b"));
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);
        return image;
    }

    private static async Task<Digest> PullAsync(RegistryClient client, string host)
    {
        RegistryRepository repository = client.Repository(ImageReference.Parse($"{host}/a/b:v1"));
        Descriptor root = (await repository.ResolveAsync("v1"))!;
        await ContentCopy.CopyAsync(repository, new MemoryStore(), root);
        return root.Digest;
    }
}

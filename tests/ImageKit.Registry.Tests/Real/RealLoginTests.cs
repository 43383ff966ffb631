using ImageKit.Oci;

namespace ImageKit.Registry.Tests;

/// <summary>Passwords, tokens and TLS against Debian's docker-registry.</summary>
internal sealed class RealLoginTests
{
    [Test]
    public async Task A_password_lets_us_push_and_skopeo_reads_our_login()
    {
        await using RealRegistry registry = await RealRegistry.StartAsync(folder =>
        {
            string line = Tool.RunAsync("htpasswd", "-Bbn", "me", "secret").GetAwaiter().GetResult();
            File.WriteAllText(Path.Combine(folder, "htpasswd"), line);
            return $"auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}";
        });
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "config.json");
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.FromFiles([file]) });
        RegistryException refused = (await Assert.ThrowsAsync<RegistryException>(() => PushAsync(client, registry.Host)))!;
        await (await DockerConfigFile.ReadAsync(file)).LoginAsync(registry.Host, await client.LoginAsync(registry.Host, "me", "secret"));
        using RegistryClient again = new(client.Options);
        await PushAsync(again, registry.Host);
        string seen = await Tool.RunAsync("skopeo", "inspect", "--tls-verify=false", "--authfile", file, "--format", "{{.Digest}}", $"docker://{registry.Host}/a/b:v1");
        RegistryException wrong = (await Assert.ThrowsAsync<RegistryException>(() => client.LoginAsync(registry.Host, "me", "wrong")))!;
        Assert.Multiple(() =>
        {
            Assert.That(refused.Code, Is.EqualTo("IK2004"));
            Assert.That(wrong.Code, Is.EqualTo("IK2004"));
            Assert.That(seen, Does.StartWith("sha256:"));
        });
    }

    [Test]
    public async Task Tokens_of_a_token_server_let_us_push_pull_mount_and_delete()
    {
        using TokenIssuer issuer = new(TimeSpan.FromSeconds(60));
        await using RealRegistry registry = await RealRegistry.StartAsync(issuer.Configure);
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Fixed(registry.Host, TokenIssuer.User, TokenIssuer.Password) });
        await client.LoginAsync(registry.Host, TokenIssuer.User, TokenIssuer.Password);
        SmallImage image = await PushAsync(client, registry.Host);

        RegistryRepository first = Repository(client, registry.Host, "a/b"), other = Repository(client, registry.Host, "c/d");
        CopyResult mounted = await ContentCopy.CopyAsync(first, other, image.Root);
        MemoryStore pulled = new();
        await ContentCopy.CopyAsync(other, pulled, image.Root);
        Assert.Multiple(() =>
        {
            Assert.That(mounted.BlobsWritten, Is.EqualTo(1), "the manifest alone; all else is mounted");
            Assert.That(issuer.Issued, Is.LessThan(10));
        });
        Assert.That(await first.DeleteManifestAsync(image.Root.Digest), Is.True);
        Assert.That(await first.ResolveAsync("v1"), Is.Null);
    }

    [Test]
    public async Task A_registry_with_its_own_certificate_is_refused_until_it_is_named()
    {
        await using RealRegistry registry = await RealRegistry.StartAsync(tls: MakeCertificate);
        using RegistryClient strict = new(new RegistryOptions { Credentials = CredentialSources.Anonymous });
        RegistryException refused = (await Assert.ThrowsAsync<RegistryException>(() => PushAsync(strict, registry.Host)))!;
        using RegistryClient lenient = new(new RegistryOptions { Credentials = CredentialSources.Anonymous, InsecureHosts = [registry.Host] });
        SmallImage image = await PushAsync(lenient, registry.Host);
        Descriptor? root = await Repository(lenient, registry.Host, "a/b").ResolveAsync("v1");
        Assert.Multiple(() =>
        {
            Assert.That(refused.Code, Is.EqualTo("IK2003"));
            Assert.That(root, Is.EqualTo(image.Root));
        });
    }

    [Test]
    public async Task A_port_where_nothing_listens_is_unreachable_at_once()
    {
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Anonymous });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client, $"127.0.0.1:{RealRegistry.FreePort()}", "a/b").ResolveAsync("v1")))!;
        Assert.That((error.Code, error.Kind, error.Why), Is.EqualTo(("IK2002", RegistryErrorKind.Network, "The connection was refused.")));
    }

    [Test]
    public async Task A_name_that_nobody_knows_is_said()
    {
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Anonymous, Retries = new() { Attempts = 2, FirstDelay = TimeSpan.FromMilliseconds(1) } });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client, "no-such-registry.invalid", "a/b").ResolveAsync("v1")))!;
        Assert.That(error.Code, Is.EqualTo("IK2001"));
    }

    private static string MakeCertificate(string folder)
    {
        (string certificate, string key) = new TestAuthority(folder).Sign("tls");
        return $"  tls: {{certificate: {certificate}, key: {key}}}";
    }

    private static RegistryRepository Repository(RegistryClient client, string host, string name) => client.Repository(ImageReference.Parse($"{host}/{name}"));

    private static async Task<SmallImage> PushAsync(RegistryClient client, string host)
    {
        SmallImage image = await SmallImage.MakeAsync(7, 200_000, 1000);
        RegistryRepository repository = Repository(client, host, "a/b");
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);
        return image;
    }
}

using System.Net;
using System.Security.Cryptography.X509Certificates;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Registry.Tests;
using ImageKit.Server.Tests.Programs;

namespace ImageKit.Server.Tests;

/// <summary>Certificates and HTTP/2.</summary>
internal sealed class TlsTests
{
    [Test]
    public async Task An_image_goes_in_and_out_by_TLS_and_HTTP_2()
    {
        using TemporaryFolder folder = new();
        (string certificate, string key) = Sign(folder);
        await using ServedRegistry registry = await ServedRegistry.StartAsync("folder", options => options with { Certificate = certificate, CertificateKey = key });
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None, InsecureHosts = [registry.Host] });
        await SmallImage.PushAsync(client, $"{registry.Host}/a/b", "v1");
        Directory.CreateDirectory(folder["certs"]);
        File.Copy(folder["ca.crt"], Path.Combine(folder["certs"], "ca.crt"));
        Assert.That(await Judge.RunAsync("skopeo", "inspect", "--cert-dir", folder["certs"], "--format", "{{.Digest}}", $"docker://{registry.Host}/a/b:v1"), Does.StartWith("sha256:"));

        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using HttpClient http = new(handler) { BaseAddress = new($"https://{registry.Host}/"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        byte[] bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        using HttpResponseMessage put = await http.PostAsync($"v2/a/b/blobs/uploads/?digest={Digest.Of(bytes)}", new ByteArrayContent(bytes));
        Assert.That(((int)put.StatusCode, put.Version), Is.EqualTo((201, HttpVersion.Version20)));
        byte[][] got = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.GetByteArrayAsync($"v2/a/b/blobs/{Digest.Of(bytes)}"))); // many at once over one connection
        Assert.That(got.All(one => one.AsSpan().SequenceEqual(bytes)), Is.True);
        using HttpResponseMessage wrong = await http.PostAsync($"v2/a/b/blobs/uploads/?digest={Digest.Of("x"u8)}", new ByteArrayContent(bytes));
        Assert.That((int)wrong.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public void A_certificate_is_read_again_when_it_changes_behind_a_link_too_and_a_broken_one_is_not_taken()
    {
        using TemporaryFolder folder = new();
        Clock clock = new();
        foreach (string name in new[] { "one", "two" }) new TestAuthority(Directory.CreateDirectory(folder[name]).FullName).Sign("tls");
        File.CreateSymbolicLink(folder["now"], folder["one"]);
        File.CreateSymbolicLink(folder["tls.crt"], Path.Combine(folder["now"], "tls.cert"));
        File.CreateSymbolicLink(folder["tls.key"], Path.Combine(folder["now"], "tls.key"));
        File.SetLastWriteTimeUtc(Path.Combine(folder["two"], "tls.cert"), DateTime.UtcNow.AddMinutes(1));
        ServerCertificate certificate = new(folder["tls.crt"], folder["tls.key"], clock);
        string first = Thumbprint();
        File.Delete(folder["now"]);
        File.CreateSymbolicLink(folder["now"], folder["two"]);
        Assert.That(Thumbprint(), Is.EqualTo(first), "it is not looked at for each connection");
        clock.Now += 11_000;
        string second = Thumbprint();
        Assert.That(second, Is.Not.EqualTo(first));
        File.WriteAllText(Path.Combine(folder["two"], "tls.cert"), "half of i");
        clock.Now += 11_000;
        Assert.That(Thumbprint(), Is.EqualTo(second));

        string Thumbprint() => certificate.Current().TargetCertificate.GetCertHashString();
    }

    [Test]
    public void A_certificate_without_its_key_stops_the_start()
    {
        using TemporaryFolder folder = new();
        (string certificate, string key) = Sign(folder);
        File.WriteAllText(key, "nonsense");
        Assert.That(async () => await RegistryServer.StartAsync(new() { Listen = "127.0.0.1:0", Certificate = certificate, CertificateKey = key }),
            Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2073"));
    }

    private static (string Certificate, string Key) Sign(TemporaryFolder folder) => new TestAuthority(folder.Path).Sign("tls");

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; } // milliseconds

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}

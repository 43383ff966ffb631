using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageKit.Server;

/// <summary>The certificate of the server, read again when its file changes: renewals need no new start.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly WatchedFile<SslStreamCertificateContext> _file;

    /// <exception cref="ImageKitException">The files cannot be read, or do not belong together (IK2073).</exception>
    public ServerCertificate(string certificate, string key, TimeProvider time) => _file = new(certificate, path => Read(path, key), LookEvery, time);

    /// <summary>The certificate with those behind it, as it is now.</summary>
    public SslStreamCertificateContext Current() => _file.Current();

    private static SslStreamCertificateContext Read(string certificate, string key)
    {
        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(certificate);
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificate, key);
            // Windows takes no keys that lie in memory alone.
            if (OperatingSystem.IsWindows()) own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ImageKitException("IK2073", $"The certificate '{certificate}' with the key '{key}' cannot be used.", e.Message,
                "Name a PEM file with the certificate and one with its key, unencrypted.", e);
        }
    }
}

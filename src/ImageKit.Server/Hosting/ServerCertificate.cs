using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageKit.Server;

/// <summary>The certificate of the server, read again when its file changes: renewals need no new start.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly string _certificate, _key;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _context;
    private DateTime _written;
    private long _looked;

    /// <exception cref="ImageKitException">The files cannot be read, or do not belong together (IK2073).</exception>
    public ServerCertificate(string certificate, string key, TimeProvider time)
    {
        (_certificate, _key, _time, _looked) = (certificate, key, time, time.GetTimestamp());
        (_context, _written) = (Read(), FileTime.Of(certificate));
    }

    /// <summary>The certificate with those behind it, as it is now.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_looked) < LookEvery) return _context;
            _looked = _time.GetTimestamp();
            DateTime written = FileTime.Of(_certificate);
            if (written == _written) return _context;
            try
            {
                (_context, _written) = (Read(), written);
            }
            catch (ImageKitException)
            {
                // Just being written, or broken: the old one serves on.
            }
            return _context;
        }
    }

    private SslStreamCertificateContext Read()
    {
        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(_certificate);
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(_certificate, _key);
            // Windows takes no keys that lie in memory alone.
            if (OperatingSystem.IsWindows()) own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ImageKitException("IK2073", $"The certificate '{_certificate}' with the key '{_key}' cannot be used.", e.Message,
                "Name a PEM file with the certificate and one with its key, unencrypted.", e);
        }
    }
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageKit.Registry;

/// <summary>Reads certificates that the client shows.</summary>
internal static class ClientCertificates
{
    /// <exception cref="ImageKitException">A file cannot be read, or holds no pair of certificate and key (IK2042).</exception>
    public static X509Certificate2Collection Read(ImmutableArray<ClientCertificate> files)
    {
        X509Certificate2Collection certificates = [];
        foreach (ClientCertificate file in files)
        {
            try
            {
                certificates.Add(X509Certificate2.CreateFromPemFile(file.CertificateFile, file.KeyFile.Length == 0 ? null : file.KeyFile));
            }
            catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw CertificateFaults.Of(file.CertificateFile, error);
            }
        }
        return certificates;
    }
}

using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageKit.Registry;

/// <summary>Certificate authorities of a file, trusted beside the machine's.</summary>
internal sealed class CertificateTrust
{
    private readonly X509Certificate2Collection _authorities;

    private CertificateTrust(X509Certificate2Collection authorities) => _authorities = authorities;

    /// <exception cref="ImageKitException">A file cannot be read, or holds no certificate (IK2042).</exception>
    public static CertificateTrust Read(ImmutableArray<string> files)
    {
        X509Certificate2Collection authorities = [];
        foreach (string file in files)
        {
            int before = authorities.Count;
            try
            {
                authorities.ImportFromPemFile(file);
                if (authorities.Count == before) authorities.Add(X509CertificateLoader.LoadCertificateFromFile(file)); // not in PEM, perhaps
            }
            catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw CertificateFaults.Of(file, error);
            }
        }
        return new(authorities);
    }

    /// <summary>Whether a certificate that the machine does not trust comes from one of these authorities. A wrong name is never forgiven.</summary>
    public bool Trusts(X509Certificate? certificate, X509Chain? offered, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null) return false;
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // private authorities rarely offer lists
        foreach (X509ChainElement element in offered?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        using X509Certificate2 server = new(certificate);
        return chain.Build(server);
    }
}

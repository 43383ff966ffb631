namespace ImageKit.Registry;

/// <summary>A certificate that the client shows.</summary>
/// <param name="CertificateFile">The certificate in PEM.</param>
/// <param name="KeyFile">Its key in PEM; empty if it is in the same file.</param>
public sealed record ClientCertificate(string CertificateFile, string KeyFile = "");

using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A folder of certificates as docker and containers tools lay it out: `*.crt` are authorities, `NAME.cert` and `NAME.key` a client's pair.</summary>
internal static class CertificateFolder
{
    /// <summary>Reads the names of the files; what has no other half is found. A folder that is not there has none.</summary>
    public static EndpointTls Read(string folder, ConfigurationFindings findings)
    {
        if (!Directory.Exists(folder)) return EndpointTls.Standard;
        ImmutableArray<string> files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        var clients = ImmutableArray.CreateBuilder<ClientCertificate>();
        foreach (string file in files)
        {
            string other = Path.ChangeExtension(file, Path.GetExtension(file) == ".cert" ? ".key" : ".cert");
            if (Path.GetExtension(file) is not (".cert" or ".key")) continue;
            if (!files.Contains(other)) findings.Error(new(file, 0), $"'{file}' has no '{Path.GetFileName(other)}' beside it.", "Authorities end in .crt; a client's certificate needs NAME.cert and NAME.key.");
            else if (other.EndsWith(".key", StringComparison.Ordinal)) clients.Add(new(file, other));
        }
        return new() { Authorities = [.. files.Where(file => Path.GetExtension(file) == ".crt")], Clients = clients.ToImmutable() };
    }
}

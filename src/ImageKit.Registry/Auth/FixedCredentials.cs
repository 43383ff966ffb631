namespace ImageKit.Registry;

/// <summary>One login for one registry, or none at all.</summary>
internal sealed class FixedCredentials(string? registry, Credential? credential) : ICredentialSource
{
    public ValueTask<Credential?> FindAsync(string registryName, string repository, CancellationToken cancel = default) =>
        new(RegistryHost.TryParse(registryName, out RegistryHost host) && host.Name == registry ? credential : null);
}

namespace ImageKit.Registry;

/// <summary>The login that .NET's container tooling takes from the environment. It names no registry, so it stands behind all that do.</summary>
internal sealed class EnvironmentLogin : ICredentialSource
{
    public ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default) =>
        new(RegistryEnvironment.FindLogin("DOTNET_CONTAINER_REGISTRY", "DOTNET_CONTAINER_PUSH_REGISTRY", "DOTNET_CONTAINER_PULL_REGISTRY", "SDK_CONTAINER_REGISTRY"));
}

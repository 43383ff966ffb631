using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Asks several sources in order.</summary>
internal sealed class CredentialChain(ImmutableArray<ICredentialSource> sources) : ICredentialSource
{
    public async ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default)
    {
        foreach (ICredentialSource source in sources)
        {
            if (await source.FindAsync(registry, repository, cancel).ConfigureAwait(false) is { } found) return found;
        }
        return null;
    }
}

using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Logins out of files, each read anew for every question: questions are rare, and a login made meanwhile must count.</summary>
internal sealed class FileCredentials(ImmutableArray<string> paths) : ICredentialSource
{
    public async ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default)
    {
        foreach (string path in paths)
        {
            if (!File.Exists(path)) continue;
            DockerConfigFile file = await DockerConfigFile.ReadAsync(path, cancel).ConfigureAwait(false);
            if (await file.FindAsync(registry, repository, cancel).ConfigureAwait(false) is { } found) return found;
        }
        return null;
    }
}

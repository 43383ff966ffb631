namespace ImageKit.Registry;

/// <summary>Finds logins. Asked only after a registry demanded one, once for each registry and repository of a client.</summary>
public interface ICredentialSource
{
    /// <summary>Finds the login for a repository.</summary>
    /// <param name="registry">The registry as users name it: `docker.io`, `localhost:5000`.</param>
    /// <param name="repository">The repository, such as `library/busybox`; empty to ask for the registry itself.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The login, or null: then the registry is used anonymously.</returns>
    /// <exception cref="CredentialException">A file is broken (IK2020) or a credential program failed (IK2021).</exception>
    ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default);
}

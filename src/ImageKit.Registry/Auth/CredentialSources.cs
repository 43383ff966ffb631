namespace ImageKit.Registry;

/// <summary>The ready-made sources of logins.</summary>
public static class CredentialSources
{
    /// <summary>
    /// The files of this user, each read when first needed: `$REGISTRY_AUTH_FILE`, then docker's `config.json` (in `$DOCKER_CONFIG`, else
    /// `~/.docker`), then `containers/auth.json` in `$XDG_RUNTIME_DIR` and in `$XDG_CONFIG_HOME` (else `~/.config`). Docker's comes before
    /// the last two, because `imagekit login` writes it, and a login just made must count. Credential programs named in them are asked too.
    /// </summary>
    public static ICredentialSource Default { get; } = FromFiles(DockerConfigFile.SearchPaths);

    /// <summary>No login for any registry.</summary>
    public static ICredentialSource Anonymous { get; } = new FixedCredentials(null, null);

    /// <summary>One login for one registry.</summary>
    /// <param name="registry">The registry as users name it.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">The password or access token.</param>
    /// <param name="origin">Where it came from, for messages.</param>
    public static ICredentialSource Fixed(string registry, string username, string password, string origin = "the options of the caller") =>
        new FixedCredentials(RegistryHost.Parse(registry).Name, new Credential { Username = username, Password = password, Origin = origin });

    /// <summary>Files of docker's or containers' form, in this order; one that is not there is skipped.</summary>
    public static ICredentialSource FromFiles(IEnumerable<string> paths) => new FileCredentials([.. paths]);

    /// <summary>The first source that has a login.</summary>
    public static ICredentialSource FirstOf(params IEnumerable<ICredentialSource> sources) => new CredentialChain([.. sources]);
}

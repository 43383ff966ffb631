namespace ImageKit.Registry;

/// <summary>The ready-made sources of logins.</summary>
public static class CredentialSources
{
    /// <summary>
    /// This user's logins, each place read when first needed: `$DOCKER_AUTH_CONFIG` (the text of docker's file), `$REGISTRY_AUTH_FILE`, docker's
    /// `config.json` (in `$DOCKER_CONFIG`, else `~/.docker`), `containers/auth.json` in `$XDG_RUNTIME_DIR` and in `$XDG_CONFIG_HOME` (else
    /// `~/.config`), and `~/.dockercfg`. Docker's comes before containers', because `imagekit login` writes it, and a login just made must count.
    /// Credential programs named in them are asked too. Last come the variables of .NET's container tooling, such as
    /// `$SDK_CONTAINER_REGISTRY_UNAME` and `_PWORD`, which name no registry: they are used where nothing else has a login.
    /// </summary>
    public static ICredentialSource Default { get; } = FirstOf(new EnvironmentConfig(), FromFiles(DockerConfigFile.SearchPaths), new EnvironmentLogin());

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

namespace ImageKit.Registry;

/// <summary>A login for one registry, and where it was found. Its text form never holds the secret.</summary>
public sealed record Credential
{
    /// <summary>The user; empty with a token.</summary>
    public string Username { get; init; } = "";

    /// <summary>The password or access token; empty with an identity token.</summary>
    public string Password { get; init; } = "";

    /// <summary>An OAuth2 refresh token, exchanged for access tokens at the registry's realm.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token to be sent as it is.</summary>
    public string? RegistryToken { get; init; }

    /// <summary>Whether it was given without the name of a registry: then no mirror sees it.</summary>
    public bool NamesNoRegistry { get; init; }

    /// <summary>Where this login was found, for messages: `~/.docker/config.json (auths, docker.io)`.</summary>
    public required string Origin { get; init; }

    /// <summary>The user and the origin.</summary>
    public override string ToString() => Username.Length == 0 ? $"(token) from {Origin}" : $"{Username} from {Origin}";
}

namespace ImageKit.Testing;

/// <summary>The login that an <see cref="InMemoryRegistry"/> asks for.</summary>
/// <param name="Username">The user.</param>
/// <param name="Password">The password.</param>
public sealed record RegistryLogin(string Username, string Password)
{
    /// <summary>Whether tokens of a token server are asked for (Bearer) rather than the password itself (Basic).</summary>
    public bool UsesTokens { get; init; }

    /// <summary>Whether pulling needs no login.</summary>
    public bool AllowsAnonymousPull { get; init; }

    /// <summary>Whether this login may push; if not, its tokens grant pulling alone.</summary>
    public bool MayPush { get; init; } = true;

    /// <summary>How long a token lasts.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a token grants only the first of the scopes that were asked for.</summary>
    public bool GrantsOneScope { get; init; }

    /// <summary>A refresh token that is taken in place of the password, by OAuth2's form; none if null.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>The token server that the challenge names; `https://auth.HOST/token` if null.</summary>
    public string? Realm { get; init; }
}

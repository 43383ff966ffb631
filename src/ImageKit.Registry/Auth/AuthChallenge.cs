using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>One way to log in that a server offers in `WWW-Authenticate`.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1"/>
public sealed record AuthChallenge
{
    /// <summary>The scheme as written, such as `Bearer`; compare without regard to case.</summary>
    public required string Scheme { get; init; }

    /// <summary>The parameters by name, without regard to case; of a name written twice the first counts.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The single value that some schemes have instead of parameters (Negotiate), or null.</summary>
    public string? Token68 { get; init; }

    /// <summary>Whether a user name and password are asked for.</summary>
    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a token is asked for.</summary>
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>Of Bearer: the URL of the token server. Of Basic: a label. Empty if absent.</summary>
    public string Realm => Parameters.GetValueOrDefault("realm", "");

    /// <summary>The name by which the token server knows the registry; empty if absent.</summary>
    public string Service => Parameters.GetValueOrDefault("service", "");

    /// <summary>What the refused request needs, such as `repository:a/b:pull`, separated by spaces; empty if absent.</summary>
    public string Scope => Parameters.GetValueOrDefault("scope", "");

    /// <summary>Why the token sent was refused, such as `insufficient_scope`; empty if absent.</summary>
    public string Error => Parameters.GetValueOrDefault("error", "");

    /// <summary>
    /// Reads every challenge of one header value: several in one value, quoted strings, commas inside of them. What cannot be read is
    /// skipped; there is no error.
    /// </summary>
    /// <param name="header">The value of `WWW-Authenticate`; several headers may be joined by commas.</param>
    /// <returns>The challenges in their order.</returns>
    public static ImmutableArray<AuthChallenge> ParseAll(string? header) => new ChallengeReader(header ?? "").ReadAll();

    /// <summary>Two challenges are equal if scheme, parameters and value are.</summary>
    public bool Equals(AuthChallenge? other) =>
        other is not null && Scheme.Equals(other.Scheme, StringComparison.OrdinalIgnoreCase) && Token68 == other.Token68 &&
        Parameters.Count == other.Parameters.Count && Parameters.All(pair => other.Parameters.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Scheme), Parameters.Count, Token68);
}

namespace ImageKit.Registry;

/// <summary>What was sent to prove who asks.</summary>
/// <param name="Header">The value of the header.</param>
/// <param name="Scopes">What the token was asked for; null for a password or a token that was given to us.</param>
/// <param name="IsFresh">Whether the token was fetched for this very request: then asking again brings nothing else.</param>
internal sealed record Authorization(string Header, ScopeSet? Scopes, bool IsFresh)
{
    /// <summary>The origin of no login.</summary>
    public const string Anonymous = "anonymous";

    public override string ToString() => "(authorization)"; // secrets stay out of logs
}

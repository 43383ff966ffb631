namespace ImageKit.Registry;

/// <summary>Who gives tokens to whom: tokens of one source are of no use in place of another's.</summary>
internal sealed record TokenSource(string Realm, string Service, Credential? Credential);

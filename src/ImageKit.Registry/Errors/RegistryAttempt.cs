namespace ImageKit;

/// <summary>One request that was sent, and what came of it.</summary>
/// <param name="Request">Method and URL, without its query (queries hold secrets).</param>
/// <param name="Status">The HTTP status, or null if none came.</param>
/// <param name="Outcome">What happened, in a few words.</param>
/// <param name="Took">From sending to the outcome.</param>
/// <param name="RequestId">The server's id of the request, for its operators; null if it gave none.</param>
/// <param name="Login">Where the login that was used came from, or `anonymous`; null if none was asked for.</param>
public sealed record RegistryAttempt(string Request, int? Status, string Outcome, TimeSpan Took, string? RequestId = null, string? Login = null);

namespace ImageKit.Server;

/// <summary>A request that a <see cref="RegistryServer"/> answered.</summary>
/// <param name="Time">When it came.</param>
/// <param name="Client">The address it came from.</param>
/// <param name="User">Who was logged in; null for nobody.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="Status">The status of the answer; 499 if the client went away before it was whole.</param>
/// <param name="Sent">Bytes of the answer's body that were sent.</param>
/// <param name="Took">How long it took, body included.</param>
/// <param name="Origin">For what a mirror answered: `hit`, `miss` or `stale`; else null.</param>
/// <param name="Fault">What went wrong on this side, as a sentence; else null.</param>
public sealed record ServedExchange(DateTimeOffset Time, string Client, string? User, string Method, string Target, int Status, long Sent, TimeSpan Took, string? Origin, string? Fault);

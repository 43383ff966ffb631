using System.Collections.Concurrent;

namespace ImageKit.Registry;

/// <summary>The tokens of one registry: each is fetched once, used while it lasts for everything that it covers, and renewed in time.</summary>
internal sealed class TokenCache(RegistryEndpoint endpoint, Transport transport)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _fetching = new(StringComparer.Ordinal);
    private readonly List<CachedToken> _tokens = [];
    private readonly Lock _lock = new();

    public async Task<Authorization> GetAsync(AuthChallenge challenge, Credential? credential, ScopeSet wanted, CancellationToken cancel)
    {
        TokenSource source = new(challenge.Realm, challenge.Service, credential);
        if (Find(source, wanted) is { } ready) return ready;
        SemaphoreSlim turn = _fetching.GetOrAdd($"{source.Realm} {source.Service} {wanted}", _ => new(1, 1));
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (Find(source, wanted) is { } fetchedMeanwhile) return fetchedMeanwhile;
            TokenAnswer answer = await new TokenRequest(endpoint, transport).SendAsync(source, wanted, cancel).ConfigureAwait(false);
            CachedToken token = new(source, wanted, "Bearer " + answer.Token, transport.Options.Time.GetUtcNow() + answer.UsableFor);
            lock (_lock) _tokens.Add(token);
            return new(token.Header, wanted, IsFresh: true);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Forget(string header)
    {
        lock (_lock) _tokens.RemoveAll(token => token.Header == header);
    }

    private Authorization? Find(TokenSource source, ScopeSet wanted)
    {
        lock (_lock)
        {
            _tokens.RemoveAll(token => token.Until <= transport.Options.Time.GetUtcNow());
            CachedToken? token = _tokens.Find(token => token.Source == source && token.Scopes.Covers(wanted));
            return token is null ? null : new(token.Header, token.Scopes, IsFresh: false);
        }
    }

    private sealed record CachedToken(TokenSource Source, ScopeSet Scopes, string Header, DateTimeOffset Until);
}

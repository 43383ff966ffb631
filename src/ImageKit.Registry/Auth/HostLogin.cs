using System.Collections.Concurrent;
using System.Text;

namespace ImageKit.Registry;

/// <summary>How one registry wants to be shown who asks, and the logins for it.</summary>
internal sealed class HostLogin(RegistryEndpoint endpoint, Transport transport)
{
    private readonly TokenCache _tokens = new(endpoint, transport);
    private readonly ConcurrentDictionary<string, Credential> _found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _none = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _finding = new(1, 1);
    private volatile AuthChallenge? _challenge;

    /// <summary>Where the login for a repository came from, `anonymous`, or null if none was needed so far.</summary>
    public string? OriginFor(string repository) =>
        _found.TryGetValue(repository, out Credential? credential) ? credential.Origin : _none.ContainsKey(repository) ? Authorization.Anonymous : null;

    /// <summary>What to send at once, from what was learnt before; null to see first whether anything is asked for.</summary>
    public async ValueTask<Authorization?> CurrentAsync(string repository, ScopeSet wanted, CancellationToken cancel)
    {
        if (_challenge is not { } challenge) return null;
        Credential? credential = await FindAsync(repository, cancel).ConfigureAwait(false);
        if (challenge.IsBasic) return Basic(credential);
        if (credential?.RegistryToken is not null) return Given(credential);
        return await _tokens.GetAsync(challenge, credential, wanted, cancel).ConfigureAwait(false);
    }

    /// <summary>What to send after a refusal; null if there is nothing better than what was sent.</summary>
    public async ValueTask<Authorization?> AnswerAsync(Answer answer, RegistryRequest request, Authorization? sent, CancellationToken cancel)
    {
        var challenges = AuthChallenge.ParseAll(answer.Header("WWW-Authenticate"));
        AuthChallenge? challenge = challenges.FirstOrDefault(offer => offer.IsBearer && offer.Realm.Length > 0) ?? challenges.FirstOrDefault(offer => offer.IsBasic);
        if (challenge is null) return null;
        _challenge = challenge;
        Credential? credential = await FindAsync(request.Repository, cancel).ConfigureAwait(false);
        if (challenge.IsBasic) return Better(Basic(credential), sent);
        if (credential?.RegistryToken is not null) return Better(Given(credential), sent);

        ScopeSet wanted = request.Scopes.Union(ScopeSet.Parse(challenge.Scope));
        if (sent?.Scopes is { } had && had.Covers(wanted))
        {
            if (sent.IsFresh || challenge.Error == "insufficient_scope") return null; // it was granted less than it was asked for
            _tokens.Forget(sent.Header); // expired or revoked
        }
        return await _tokens.GetAsync(challenge, credential, wanted, cancel).ConfigureAwait(false);
    }

    private static Authorization? Basic(Credential? credential) => credential is { Username.Length: > 0 }
        ? new("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")), null, IsFresh: true)
        : null;

    private static Authorization Given(Credential credential) => new("Bearer " + credential.RegistryToken, null, IsFresh: true);

    private static Authorization? Better(Authorization? next, Authorization? sent) => next?.Header == sent?.Header ? null : next;

    // Once for each repository, and only when a login is asked for: credential programs are slow and may ask the user.
    public async ValueTask<Credential?> FindAsync(string repository, CancellationToken cancel)
    {
        if (_found.TryGetValue(repository, out Credential? known)) return known;
        if (_none.ContainsKey(repository)) return null;
        await _finding.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_found.TryGetValue(repository, out known)) return known;
            Credential? found = await transport.Options.Credentials.FindAsync(endpoint.Host.Name, repository, cancel).ConfigureAwait(false);
            if (found is null || (endpoint.IsMirror && found.NamesNoRegistry)) _none[repository] = true;
            else _found[repository] = found;
            return _found.GetValueOrDefault(repository);
        }
        finally
        {
            _finding.Release();
        }
    }
}

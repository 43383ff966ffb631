using System.Collections.Concurrent;

namespace ImageKit.Registry;

/// <summary>Tokens that stand for a login: the newest in place of one that was exchanged, and what a token server gave when somebody logged in.</summary>
internal sealed class RefreshTokens
{
    private readonly ConcurrentDictionary<string, string> _newer = new(StringComparer.Ordinal);

    /// <summary>Whether token servers are asked for one: only where somebody logs in.</summary>
    public bool IsLogin { get; init; }

    /// <summary>The last one that was given; null for none.</summary>
    public string? Given { get; private set; }

    /// <summary>The one to send in place of a login's own: servers may give a new one with each exchange, and drop the old.</summary>
    public string NewestOf(string token) => _newer.GetValueOrDefault(token, token);

    /// <summary>Takes note of what a token server gave.</summary>
    /// <param name="token">The new one, or null if there is none.</param>
    /// <param name="login">The login's own, which it stands for; null if that is a password.</param>
    public void Take(string? token, string? login)
    {
        if (token is null) return;
        Given = token;
        if (login is not null) _newer[login] = token;
    }
}

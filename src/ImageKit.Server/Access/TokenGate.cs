using System.Globalization;
using System.Text;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Asks for tokens, and hands them out at <see cref="Path"/> for a user's password.</summary>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/token/"/>
internal sealed class TokenGate(PasswordFile users, TokenSigner signer, TokenGateRules rules) : IAccessGate
{
    /// <summary>Where tokens are handed out.</summary>
    public const string Path = "/token";

    private const int MostFormBytes = 64 * 1024;

    public ValueTask<Admission> AdmitAsync(ServedRequest request, string origin, CancellationToken cancel)
    {
        ScopeSet needed = ServedScopes.Needed(request);
        string? sent = request.Header("Authorization");
        var token = sent is not null && sent.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? signer.Read(sent["Bearer ".Length..].Trim()) : null;
        if (token is { } good && good.Granted.Covers(needed)) return new(new Admission(good.User.Length > 0 ? good.User : null, null));
        string scope = needed.IsEmpty ? "" : $",scope=\"{needed}\"", error = sent is null ? "" : $",error=\"{(token is null ? "invalid_token" : "insufficient_scope")}\"";
        ServedAnswer answer = ServedAnswer.Error(401, "UNAUTHORIZED", token is null ? "authentication required" : "the token does not allow this")
            .With("WWW-Authenticate", $"Bearer realm=\"{origin}{Path}\",service=\"{TokenSigner.Service}\"{scope}{error}");
        return new(Admission.Refused(answer, token?.User));
    }

    /// <summary>Hands out a token: by GET, with or without a password, or by OAuth2's form with a password or a refresh token.</summary>
    public async Task<(ServedAnswer Answer, string? User)> IssueAsync(ServedRequest request, CancellationToken cancel)
    {
        if (request.Method == "GET") return await AnswerAsync(request.Query, BasicLogin.Parse(request.Header("Authorization")), Value(request.Query, "offline_token") == "true", request, cancel).ConfigureAwait(false);
        if (request.Method != "POST") return (ServedAnswer.Error(405, "UNSUPPORTED", "no such method"), null);
        if (await ReadFormAsync(request.Body, cancel).ConfigureAwait(false) is not { } form) return (ServedAnswer.Error(413, "SIZE_INVALID", "the form is too long"), null);
        switch (Value(form, "grant_type"))
        {
            case "password":
                return await AnswerAsync(form, new(Value(form, "username") ?? "", Value(form, "password") ?? ""), Value(form, "access_type") == "offline", request, cancel).ConfigureAwait(false);
            case "refresh_token":
                string refresh = Value(form, "refresh_token") ?? "";
                if (signer.ReadRefresh(refresh) is not (string user, string mark) || users.MarkOf(user) != mark) return (Wrong(), null);
                return (Token(user, Wanted(form), refresh), user);
            default:
                return (OAuthError(400, "unsupported_grant_type"), null);
        }
    }

    private async Task<(ServedAnswer Answer, string? User)> AnswerAsync(IReadOnlyList<KeyValuePair<string, string>> asked, BasicLogin? login, bool offline, ServedRequest request, CancellationToken cancel)
    {
        if (login is not { } given) return rules.AnonymousTokens && request.Header("Authorization") is null ? (Token(null, Wanted(asked), null), null) : (Wrong(), null);
        if (!await users.CheckAsync(given, cancel).ConfigureAwait(false)) return (Wrong(), given.User);
        string? refresh = offline && users.MarkOf(given.User) is { } mark ? signer.SignRefresh(given.User, mark) : null;
        return (Token(given.User, Wanted(asked), refresh), given.User);
    }

    private static ScopeSet Wanted(IReadOnlyList<KeyValuePair<string, string>> asked) => ScopeSet.Parse(string.Join(' ', asked.Where(pair => pair.Key == "scope").Select(pair => pair.Value)));

    private ServedAnswer Token(string? user, ScopeSet wanted, string? refresh)
    {
        ScopeSet granted = rules.Rights().Granted(user, wanted);
        string token = signer.Sign(user, granted, rules.Lifetime);
        return ServedAnswer.OfJson(200, "application/json", writer =>
        {
            writer.WriteString("token", token);
            writer.WriteString("access_token", token);
            if (refresh is not null) writer.WriteString("refresh_token", refresh);
            writer.WriteNumber("expires_in", (long)rules.Lifetime.TotalSeconds);
            writer.WriteString("issued_at", rules.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("scope", granted.ToString());
        }).With("Cache-Control", "no-store");
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>?> ReadFormAsync(Stream body, CancellationToken cancel)
    {
        byte[] bytes = new byte[MostFormBytes];
        int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return length == bytes.Length ? null : ServedRequest.ParseQuery(Encoding.UTF8.GetString(bytes, 0, length));
    }

    private static string? Value(IReadOnlyList<KeyValuePair<string, string>> asked, string name) => asked.FirstOrDefault(pair => pair.Key == name).Value;

    private static ServedAnswer Wrong() => ServedAnswer.Error(401, "UNAUTHORIZED", "wrong user or password").With("WWW-Authenticate", "Basic realm=\"ImageKit registry\", charset=\"UTF-8\"");

    private static ServedAnswer OAuthError(int status, string error) => ServedAnswer.OfJson(status, "application/json", writer => writer.WriteString("error", error));
}

/// <summary>What tokens are handed out.</summary>
/// <param name="Lifetime">How long they last.</param>
/// <param name="AnonymousTokens">Whether those for what everybody may do need no login.</param>
/// <param name="Rights">What users may do.</param>
/// <param name="Time">The clock.</param>
internal sealed record TokenGateRules(TimeSpan Lifetime, bool AnonymousTokens, Func<AccessRights> Rights, TimeProvider Time);

using System.Collections.Immutable;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Asks for a user's password with each request.</summary>
/// <param name="users">The users.</param>
/// <param name="anonymousPull">Whether pulling needs no login.</param>
/// <param name="readers">The users that may pull alone.</param>
internal sealed class BasicGate(PasswordFile users, bool anonymousPull, ImmutableArray<string> readers) : IAccessGate
{
    public async ValueTask<Admission> AdmitAsync(ServedRequest request, string origin, CancellationToken cancel)
    {
        bool reads = request.Method is "GET" or "HEAD" && !request.Path.Contains("/blobs/uploads/", StringComparison.Ordinal);
        string? sent = request.Header("Authorization");
        if (sent is null && anonymousPull && reads) return default;
        if (BasicLogin.Parse(sent) is not { } login || !await users.CheckAsync(login, cancel).ConfigureAwait(false))
        {
            return Admission.Refused(ServedAnswer.Error(401, "UNAUTHORIZED", sent is null ? "authentication required" : "wrong user or password").With("WWW-Authenticate", "Basic realm=\"ImageKit registry\", charset=\"UTF-8\""));
        }
        return reads || !readers.Contains(login.User) ? new(login.User, null) : Admission.Refused(ServedAnswer.Error(403, "DENIED", "this user may pull and nothing else"), login.User);
    }
}

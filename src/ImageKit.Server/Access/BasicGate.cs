using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Asks for a user's password with each request.</summary>
/// <param name="users">The users.</param>
/// <param name="rights">What they may do.</param>
internal sealed class BasicGate(PasswordFile users, Func<AccessRights> rights) : IAccessGate
{
    public async ValueTask<Admission> AdmitAsync(ServedRequest request, string origin, CancellationToken cancel)
    {
        ScopeSet needed = ServedScopes.Needed(request);
        string? sent = request.Header("Authorization");
        if (BasicLogin.Parse(sent) is { User: "", Password: "" }) sent = null; // so skopeo and podman say that they have no login
        // Clients learn at the root how to log in: it asks even where pulling needs no login.
        if (sent is null && !needed.IsEmpty && rights().May(null, needed)) return default;
        if (BasicLogin.Parse(sent) is not { } login || !await users.CheckAsync(login, cancel).ConfigureAwait(false))
        {
            return Admission.Refused(ServedAnswer.Error(401, "UNAUTHORIZED", sent is null ? "authentication required" : "wrong user or password").With("WWW-Authenticate", "Basic realm=\"ImageKit registry\", charset=\"UTF-8\""));
        }
        return rights().May(login.User, needed) ? new(login.User, null) : Admission.Refused(ServedAnswer.Error(403, "DENIED", $"{login.User} may not do this: it needs {needed}"), login.User);
    }
}

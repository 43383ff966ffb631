namespace ImageKit.Registry;

/// <summary>What a login must allow for a request.</summary>
internal static class ServedScopes
{
    /// <summary>The scopes that a request needs; none for what is about no repository.</summary>
    public static ScopeSet Needed(ServedRequest request)
    {
        if (request.Path == "/v2/_catalog") return ScopeSet.Parse("registry:catalog:*");
        if (RegistryProtocol.RepositoryOf(request.Path) is not { } repository) return ScopeSet.Empty;
        bool upload = request.Path.Contains("/blobs/uploads/", StringComparison.Ordinal);
        ScopeSet needed = request.Method switch
        {
            "GET" or "HEAD" when !upload => ScopeSet.OfRepository(repository, "pull"),
            "DELETE" when !upload => ScopeSet.OfRepository(repository, "delete"),
            _ => ScopeSet.OfRepository(repository, "pull", "push"),
        };
        return request.Ask("from") is { } from && RegistryProtocol.IsName(from) ? needed.Union(ScopeSet.OfRepository(from, "pull")) : needed;
    }

    /// <summary>Of what was asked for, what only reads repositories.</summary>
    public static ScopeSet PullAlone(ScopeSet wanted) => ScopeSet.Parse(string.Join(' ', from scope in wanted.Texts
                                                                                         let colon = scope.LastIndexOf(':')
                                                                                         where scope.StartsWith("repository:", StringComparison.Ordinal) && scope[(colon + 1)..].Split(',').Contains("pull")
                                                                                         select scope[..colon] + ":pull"));
}

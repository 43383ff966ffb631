using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>What a request needs or a token grants: actions by resource, such as `pull` and `push` of `repository:a/b`.</summary>
/// <seealso href="https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/scope.md"/>
internal sealed class ScopeSet
{
    private readonly ImmutableSortedDictionary<string, ImmutableSortedSet<string>> _actions;

    private ScopeSet(ImmutableSortedDictionary<string, ImmutableSortedSet<string>> actions) => _actions = actions;

    public static ScopeSet Empty { get; } = new(ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal));

    public bool IsEmpty => _actions.IsEmpty;

    /// <summary>One text a resource, sorted: `repository:a/b:pull,push`.</summary>
    public IEnumerable<string> Texts => _actions.Select(pair => $"{pair.Key}:{string.Join(',', pair.Value)}");

    public static ScopeSet OfRepository(string name, params IEnumerable<string> actions) => Empty.With($"repository:{name}", actions);

    /// <summary>Reads scopes separated by spaces; what is none is skipped.</summary>
    public static ScopeSet Parse(string text)
    {
        ScopeSet scopes = Empty;
        foreach (string scope in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int last = scope.LastIndexOf(':'); // names of resources may hold colons themselves
            if (last > scope.IndexOf(':', StringComparison.Ordinal)) scopes = scopes.With(scope[..last], scope[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries));
        }
        return scopes;
    }

    public ScopeSet Union(ScopeSet other) => other._actions.Aggregate(this, (all, pair) => all.With(pair.Key, pair.Value));

    public bool Covers(ScopeSet other) =>
        other._actions.All(wanted => _actions.TryGetValue(wanted.Key, out ImmutableSortedSet<string>? have) && (have.Contains("*") || wanted.Value.IsSubsetOf(have)));

    public override string ToString() => string.Join(' ', Texts);

    private ScopeSet With(string resource, IEnumerable<string> actions)
    {
        ImmutableSortedSet<string> have = _actions.GetValueOrDefault(resource, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));
        return new(_actions.SetItem(resource, have.Union(actions)));
    }
}

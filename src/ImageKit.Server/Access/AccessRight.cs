using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ImageKit.Server;

/// <summary>Lets somebody do something with some repositories.</summary>
/// <param name="Who">A user, <see cref="Users"/> or <see cref="Everybody"/>.</param>
/// <param name="Allowed">Some of <see cref="Actions"/>.</param>
/// <param name="Repositories">A pattern: `*` stands for any text without a slash, `**` for any text.</param>
internal sealed partial record AccessRight(string Who, ImmutableArray<string> Allowed, string Repositories)
{
    /// <summary>Whoever is logged in.</summary>
    public const string Users = "+";

    /// <summary>Whoever asks.</summary>
    public const string Everybody = "*";

    private readonly Regex _pattern = new($"^{Regex.Escape(Repositories).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}\\z", RegexOptions.NonBacktracking);

    /// <summary>What can be done.</summary>
    public static ImmutableArray<string> Actions { get; } = ["pull", "push", "delete"];

    /// <summary>Users that it is not for.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>Whether it is about all repositories.</summary>
    public bool IsEverything => Repositories == "**";

    /// <summary>Reads the words of a line: who, the actions, and one or more patterns; null if they are none.</summary>
    public static ImmutableArray<AccessRight>? Parse(string[] words)
    {
        if (words is not [string who, string list, _, ..]) return null;
        string[] actions = list == "all" ? [.. Actions] : list.Split(',');
        if (actions.Except(Actions).Any() || words.Skip(2).Any(pattern => !Pattern().IsMatch(pattern))) return null;
        ImmutableArray<string> allowed = [.. actions.Append("pull").Distinct()]; // nobody can push blind
        return [.. words.Skip(2).Select(pattern => new AccessRight(who, allowed, pattern))];
    }

    /// <summary>Whether it is for this user, or nobody in particular.</summary>
    public bool IsOf(string? user) => (Who == Everybody || (user is not null && (Who == user || Who == Users))) && !(user is not null && Except.Contains(user));

    /// <summary>Whether it allows an action.</summary>
    public bool May(string action) => Allowed.Contains(action);

    /// <summary>Whether it is about a repository.</summary>
    public bool Covers(string repository) => _pattern.IsMatch(repository);

    [GeneratedRegex(@"^[a-z0-9._/*-]+\z")]
    private static partial Regex Pattern();
}

using System.Collections.Immutable;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Who may do what with which repositories. What no right allows is refused.</summary>
internal sealed class AccessRights
{
    private readonly ImmutableArray<AccessRight> _rights;

    private AccessRights(ImmutableArray<AccessRight> rights) => _rights = rights;

    /// <summary>Every user may do everything, but for readers.</summary>
    /// <param name="anonymousPull">Whether pulling needs no login.</param>
    /// <param name="readers">The users that may pull alone.</param>
    public static AccessRights Of(bool anonymousPull, ImmutableArray<string> readers)
    {
        AccessRight all = new(AccessRight.Users, AccessRight.Actions, "**") { Except = readers }, pull = new(AccessRight.Users, ["pull"], "**");
        return new(anonymousPull ? [all, pull with { Who = AccessRight.Everybody }] : [all, pull]);
    }

    /// <summary>Reads a file of rights, each `WHO ACTIONS REPOSITORIES`.</summary>
    /// <exception cref="ImageKitException">It cannot be read, or a line is none of that (IK2077).</exception>
    public static AccessRights Read(string path)
    {
        try
        {
            return new([.. from line in File.ReadLines(path).Index()
                           let words = line.Item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                           where words.Length > 0 && words[0][0] != '#'
                           from right in AccessRight.Parse(words) ?? throw Broken(path, $"Line {line.Index + 1} is no right: '{line.Item.Trim()}'.")
                           select right]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(path, e.Message, e);
        }
    }

    /// <summary>Whether a user, or nobody in particular, may do all of this.</summary>
    public bool May(string? user, ScopeSet needed) => Granted(user, needed).Covers(needed);

    /// <summary>What of this a user, or nobody in particular, may do.</summary>
    public ScopeSet Granted(string? user, ScopeSet wanted) => ScopeSet.Parse(string.Join(' ', wanted.Texts.Select(scope => Granted(user, scope))));

    private string Granted(string? user, string scope)
    {
        (int first, int last) = (scope.IndexOf(':', StringComparison.Ordinal), scope.LastIndexOf(':'));
        (string kind, string name, string[] actions) = (scope[..first], scope[(first + 1)..last], scope[(last + 1)..].Split(','));
        // Who may pull everything may see what there is.
        if (kind == "registry") return name == "catalog" && _rights.Any(right => right.IsOf(user) && right.IsEverything && right.May("pull")) ? scope : "";
        if (kind != "repository") return "";
        IEnumerable<string> wanted = actions.Contains("*") ? AccessRight.Actions : actions;
        string[] allowed = [.. wanted.Where(action => _rights.Any(right => right.IsOf(user) && right.May(action) && right.Covers(name)))];
        return allowed.Length == 0 ? "" : $"{scope[..last]}:{(actions.Contains("*") && allowed.Length == AccessRight.Actions.Length ? "*" : string.Join(',', allowed))}";
    }

    private static ImageKitException Broken(string path, string why, Exception? inner = null) =>
        new("IK2077", $"The file of rights '{path}' cannot be used.", why, "Write one right a line: a user ('+' for all users, '*' for everybody), 'pull', 'push', 'delete' or 'all', and repositories, such as: alice push team/**", inner);
}

using System.Globalization;
using System.Text;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>A user and a group by number.</summary>
internal readonly record struct Owner(uint Uid, uint Gid)
{
    public static Owner Root => new(0, 0);
}

/// <summary>Who a process is: user, group and supplementary groups by number.</summary>
internal sealed record ProcessIdentity(Owner Owner, IReadOnlyList<uint> Groups);

/// <summary>The users and groups that an image knows: its `/etc/passwd` and `/etc/group`, read out of the tree.</summary>
internal sealed class Accounts
{
    private const long MaxBytes = 10 * 1024 * 1024; // of each file, as BuildKit has it
    private readonly List<(string Name, uint Uid, uint Gid)> _users = [];
    private readonly List<(string Name, uint Gid, string[] Members)> _groups = [];

    private Accounts()
    {
    }

    public static async Task<Accounts> ReadAsync(Tree tree, CancellationToken cancel)
    {
        Accounts accounts = new();
        foreach (string[] field in await LinesAsync(tree, "etc/passwd", cancel).ConfigureAwait(false))
            if (field.Length >= 4 && TryId(field[2], out uint uid) && TryId(field[3], out uint gid)) accounts._users.Add((field[0], uid, gid));
        foreach (string[] field in await LinesAsync(tree, "etc/group", cancel).ConfigureAwait(false))
            if (field.Length >= 3 && TryId(field[2], out uint gid)) accounts._groups.Add((field[0], gid, field.Length > 3 ? field[3].Split(',') : []));
        return accounts;
    }

    /// <summary>Whether a value of --chown needs no account files.</summary>
    public static bool IsNumeric(string chown) => chown.Split(':').All(part => part.Length == 0 || TryId(part, out _));

    /// <summary>The owner that a value of --chown names: a user without a group brings its primary group, a number its own.</summary>
    /// <returns>The owner; null and the unknown name if there is one.</returns>
    public (Owner? Owner, string? Unknown) FindOwner(string chown)
    {
        (string user, string? group) = Split(chown);
        uint uid = 0, gid = 0;
        if (user.Length > 0 && FindUser(user, out uid, out gid) is false) return (null, $"user '{user}'");
        if (group is { Length: > 0 } && !FindGroup(group, out gid)) return (null, $"group '{group}'");
        return (new Owner(uid, group is "" ? 0 : gid), null);
    }

    /// <summary>The identity of a process of USER: an explicit group drops the supplementary ones.</summary>
    /// <returns>The identity; null and the unknown name if there is one.</returns>
    public (ProcessIdentity? Identity, string? Unknown) FindIdentity(string? user)
    {
        if (string.IsNullOrEmpty(user)) user = "0";
        (string name, string? group) = Split(user);
        uint uid = 0, gid = 0;
        bool numeric = TryId(name, out uint number);
        var known = _users.FirstOrDefault(entry => entry.Name == name || numeric && entry.Uid == number);
        if (known.Name is not null) (uid, gid) = (known.Uid, known.Gid);
        else if (numeric) (uid, gid) = (number, 0);
        else if (name.Length > 0) return (null, $"user '{name}'");
        if (group is { Length: > 0 }) return FindGroup(group, out gid) ? (new(new(uid, gid), [gid]), null) : (null, $"group '{group}'");
        IEnumerable<uint> supplementary = known.Name is null ? [] : _groups.Where(entry => entry.Members.Contains(known.Name)).Select(entry => entry.Gid);
        return (new(new(uid, gid), [.. supplementary.Append(gid).Distinct().Order()]), null);
    }

    private bool FindUser(string user, out uint uid, out uint gid)
    {
        bool numeric = TryId(user, out uid);
        var known = numeric ? default : _users.FirstOrDefault(entry => entry.Name == user);
        if (known.Name is not null) uid = known.Uid;
        gid = numeric ? uid : known.Gid;
        return numeric || known.Name is not null;
    }

    private bool FindGroup(string group, out uint gid)
    {
        if (TryId(group, out gid)) return true;
        var known = _groups.FirstOrDefault(entry => entry.Name == group);
        gid = known.Gid;
        return known.Name is not null;
    }

    private static (string User, string? Group) Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool TryId(string text, out uint id) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

    private static async Task<IEnumerable<string[]>> LinesAsync(Tree tree, string path, CancellationToken cancel)
    {
        if (TreePaths.FindFile(tree, path) is not { Origin: { } origin } node || node.Entry.Size > MaxBytes) return [];
        Stream stream = await origin.OpenAsync(node.SourceEntry, cancel).ConfigureAwait(false);
        using StreamReader reader = new(stream, Encoding.UTF8);
        string text = await reader.ReadToEndAsync(cancel).ConfigureAwait(false);
        return text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(':'));
    }
}

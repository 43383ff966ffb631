using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>
/// The directory that is unpacked into: finds where an entry belongs, makes the directories on the way, and remembers what this layer
/// touched and how directories are to look in the end. Places are paths without links.
/// </summary>
internal sealed class UnpackTarget(DirectoryRoot root, UnpackOptions options)
{
    private const int WhileUnpacking = 0x1C0; // 0700
    private readonly Dictionary<string, DirectoryRecord> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly HashSet<string>? _touchedAnyCase = root.IsNative ? null : new(StringComparer.OrdinalIgnoreCase);
    private string? _lastParent;
    private string _lastPlace = "";

    /// <summary>All directories that are to be finished, by place.</summary>
    public IReadOnlyDictionary<string, DirectoryRecord> Directories => _directories;

    /// <summary>The place of an entry; the directories on the way are there afterwards.</summary>
    public string Place(string path)
    {
        string parent = SafePath.Parent(path);
        if (!SafePath.IsSafe(path)) throw UnpackErrors.BadName(path);
        if (_lastParent != parent) (_lastPlace, _lastParent) = (Walk(parent, make: true)!, parent);
        return SafePath.Join(_lastPlace, SafePath.Name(path));
    }

    /// <summary>The place of an entry if its directory is there.</summary>
    public string? Find(string path) => Walk(SafePath.Parent(path), make: false) is { } parent ? SafePath.Join(parent, SafePath.Name(path)) : null;

    /// <summary>Whether this layer put something there.</summary>
    public bool IsTouched(string place) => _touched.Contains(place);

    /// <summary>Notes that this layer puts something there.</summary>
    public void Touch(string place, bool exists)
    {
        bool isNew = _touched.Add(place);
        if (_touchedAnyCase?.Add(place) == false && isNew && exists) throw UnpackErrors.SameName(place);
    }

    /// <summary>Says how a directory is to look in the end.</summary>
    public void Record(string place, TocEntry entry) => _directories[place] = new(entry, default);

    /// <summary>Makes a directory of no entry, or forgets how one was that only lower layers had.</summary>
    public void Imply(string place)
    {
        TocEntry? lower = options.Whiteouts != WhiteoutStyle.Apply && options.Lower?.Find(place) is { IsDirectory: true } node ? node.Entry : null;
        Record(place, lower ?? Tree.Implied(place));
    }

    public void MakeDirectory(string place) => root.MakeDirectory(place, WhileUnpacking);

    public void Remove(string place)
    {
        _lastParent = null; // may be below, or a link on the way
        root.Remove(place);
    }

    private string? Walk(string path, bool make)
    {
        var pending = new Stack<string>(path.Split('/').Reverse());
        string done = "";
        int links = 0;
        Enter(done);
        while (pending.TryPop(out string? name))
        {
            if (name is "" or ".") continue;
            if (name == "..")
            {
                done = SafePath.Parent(done);
                continue;
            }
            string next = SafePath.Join(done, name);
            FileStatus? status = root.Stat(next);
            if (status is { Kind: FileKind.Symlink })
            {
                if (++links > TreeWalk.MaximumLinks) throw UnpackErrors.Loop(path);
                done = Push(root.ReadLink(next), pending, done);
                continue;
            }
            if (status is not { Kind: FileKind.Directory } && !make) return null;
            done = next;
            if (make) Enter(next, status);
        }
        return done;
    }

    private static string Push(string target, Stack<string> pending, string done)
    {
        foreach (string part in target.Split('/').Reverse()) pending.Push(part);
        return target.StartsWith('/') ? "" : done;
    }

    /// <summary>Goes into a directory to change it, making it if it is not there.</summary>
    private void Enter(string place, FileStatus? status)
    {
        Touch(place, status is not null);
        if (status is not { Kind: FileKind.Directory })
        {
            if (status is not null) Remove(place);
            MakeDirectory(place);
            Imply(place);
        }
        else if (_directories.TryAdd(place, new(null, status.Value)) && (status.Value.Mode & WhileUnpacking) != WhileUnpacking)
        {
            root.SetMode(place, status.Value.Mode | WhileUnpacking);
        }
    }

    private void Enter(string rootPlace)
    {
        if (_directories.ContainsKey(rootPlace)) return;
        if (options.Whiteouts == WhiteoutStyle.Apply) Enter(rootPlace, root.Stat(rootPlace));
        else Imply(rootPlace);
    }
}

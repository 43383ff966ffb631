namespace ImageKit.Posix;

/// <summary>Follows symbolic links in a path as text, as if a root were `/`: for systems whose kernel cannot do it.</summary>
internal static class LinkWalk
{
    private const int MaximumLinks = 40; // as the kernel

    /// <summary>Gives a directory's path without links in it.</summary>
    /// <param name="path">A path of <see cref="SafePath"/>, every name of it followed.</param>
    /// <param name="readLink">The text of a link at a path that is itself free of links, or null if that is none or missing.</param>
    /// <exception cref="PosixException">ELOOP: more than 40 links.</exception>
    public static string Follow(string path, Func<string, string?> readLink)
    {
        var pending = new Stack<string>(path.Split('/').Reverse());
        string done = "";
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            if (name is "" or ".") continue;
            if (name == "..")
            {
                done = SafePath.Parent(done);
                continue;
            }
            string next = SafePath.Join(done, name);
            string? target = readLink(next);
            if (target is null)
            {
                done = next;
                continue;
            }
            if (++links > MaximumLinks) throw new PosixException(Errno.ELOOP, "follow", path);
            if (target.StartsWith('/')) done = "";
            foreach (string part in target.Split('/').Reverse()) pending.Push(part);
        }
        return done;
    }
}

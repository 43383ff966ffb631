namespace ImageKit.Sandbox;

/// <summary>What is mounted in this process's mount namespace.</summary>
internal static class MountTable
{
    /// <summary>The flags of what is mounted on a path, topmost; none if nothing is.</summary>
    public static MountFlags FlagsOf(string target)
    {
        string[]? last = Rows().LastOrDefault(row => row[4] == target);
        return last is null ? 0 : MountFlagNames.Parse(last[5].Split(',')).Flags;
    }

    /// <summary>Whether something is mounted on a path.</summary>
    public static bool Has(string target) => Rows().Any(row => row[4] == target);

    // Fields 5 and 6 of a row are the mount point and its options; the kernel writes spaces as octal numbers.
    private static IEnumerable<string[]> Rows() =>
        from line in File.ReadLines("/proc/self/mountinfo")
        let row = line.Split(' ')
        select (string[])[.. row[..4], row[4].Replace("\\040", " ", StringComparison.Ordinal), .. row[5..]];
}

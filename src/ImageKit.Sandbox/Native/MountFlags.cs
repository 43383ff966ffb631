namespace ImageKit.Sandbox;

/// <summary>The flags of mount(2).</summary>
[Flags]
internal enum MountFlags : ulong
{
    ReadOnly = 1,
    NoSetUid = 2,
    NoDevices = 4,
    NoExecution = 8,
    Remount = 32,
    NoAccessTime = 1024,
    NoDirectoryAccessTime = 2048,
    Bind = 4096,
    Recursive = 16384,
    RelativeAccessTime = 1 << 21,
    StrictAccessTime = 1 << 24,

    /// <summary>What a bind mount may add to its source.</summary>
    Restrictions = ReadOnly | NoSetUid | NoDevices | NoExecution | NoAccessTime | NoDirectoryAccessTime | RelativeAccessTime,
}

/// <summary>The words for mount flags in bundles and in the kernel's tables.</summary>
internal static class MountFlagNames
{
    private static readonly Dictionary<string, MountFlags> Flags = new()
    {
        ["ro"] = MountFlags.ReadOnly,
        ["nosuid"] = MountFlags.NoSetUid,
        ["nodev"] = MountFlags.NoDevices,
        ["noexec"] = MountFlags.NoExecution,
        ["noatime"] = MountFlags.NoAccessTime,
        ["nodiratime"] = MountFlags.NoDirectoryAccessTime,
        ["relatime"] = MountFlags.RelativeAccessTime,
        ["strictatime"] = MountFlags.StrictAccessTime,
        ["bind"] = MountFlags.Bind,
        ["rbind"] = MountFlags.Bind | MountFlags.Recursive,
        ["rw"] = 0,
    };

    /// <summary>Splits options into flags, and the rest, which is the file system's own.</summary>
    public static (MountFlags Flags, string Remainder) Parse(IEnumerable<string> options)
    {
        MountFlags flags = 0;
        List<string> rest = [];
        foreach (string option in options)
        {
            if (Flags.TryGetValue(option, out MountFlags flag)) flags |= flag;
            else rest.Add(option);
        }
        return (flags, string.Join(',', rest));
    }
}

namespace ImageKit.Oci;

/// <summary>
/// The modes of folders that a layer has to name as parents without looking into its base. Left out, some engines would make them
/// unreadable; with 0755 for all, a layer over `/tmp/x` would take the right to write from `/tmp`.
/// </summary>
internal static class KnownFolders
{
    public static int ModeOf(string path) => path switch
    {
        "tmp" or "var/tmp" => 0b001_111_111_111, // 1777
        "root" => 0b111_000_000, // 0700
        _ => Modes.Directory,
    };
}

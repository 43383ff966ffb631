namespace ImageKit.Oci;

/// <summary>The names by which a layer deletes what lower layers have.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts"/>
public static class Whiteout
{
    /// <summary>Before the name of what is deleted.</summary>
    public const string Prefix = ".wh.";

    /// <summary>The name that hides all that lower layers have in its directory.</summary>
    public const string Opaque = ".wh..wh..opq";

    private const string AufsPrefix = ".wh..wh.";

    /// <summary>Whether an entry of this name stands for a deletion rather than for itself.</summary>
    public static bool IsWhiteout(ReadOnlySpan<char> name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether an entry of this name is neither a file nor a deletion, but something that old aufs kept for itself: to be passed over.</summary>
    internal static bool IsAufsLeftover(ReadOnlySpan<char> name) => name.StartsWith(AufsPrefix, StringComparison.Ordinal) && name is not Opaque;

    /// <summary>The name that a whiteout deletes.</summary>
    /// <exception cref="ContentException">It names nothing that a directory could hold (IK1210).</exception>
    internal static string Target(TocEntry entry)
    {
        string name = entry.Name[Prefix.Length..];
        return name is not ("" or "." or "..") ? name : throw new ContentException("IK1210", $"The whiteout '{entry.Path}' deletes nothing that can exist.",
            "A whiteout's name is '.wh.' and the name that it deletes.", "Do not use the layer, or make it again without this entry.");
    }
}

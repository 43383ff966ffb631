namespace ImageKit.Oci;

/// <summary>Lays one layer over another so that the result, over anything, looks as both of them do: deletions of what may lie below are kept.</summary>
/// <remarks>A name that is deleted and there again hides all that lies below it: a directory of that name is opaque.</remarks>
internal static class DraftStack
{
    /// <summary>Gives a new draft; it shares nodes with both, which are not to be used any more.</summary>
    public static DraftNode Over(DraftNode upper, DraftNode lower)
    {
        if (!upper.IsDirectory) return upper;
        DraftNode merged = DraftNode.Directory();
        merged.Entry = upper.Entry ?? (lower.IsDirectory ? lower.Entry : null);
        // A directory over what is none hides all that the other hid as well.
        merged.IsOpaque = upper.IsOpaque || !lower.IsDirectory || lower.IsOpaque;
        bool hidden = upper.IsOpaque || !lower.IsDirectory;
        if (!hidden) Keep(merged, upper, lower);
        foreach ((string name, DraftNode child) in upper.Children!)
        {
            DraftNode? below = hidden || upper.Deleted?.Contains(name) == true ? null : lower.Children!.GetValueOrDefault(name);
            merged.Children![name] = below is null ? child : Over(child, below);
        }
        if (merged.IsOpaque) merged.Deleted = null; // nothing is left below to be deleted
        return merged;
    }

    private static void Keep(DraftNode merged, DraftNode upper, DraftNode lower)
    {
        foreach ((string name, DraftNode child) in lower.Children!)
            if (upper.Deleted?.Contains(name) != true) merged.Children![name] = child;
        if (lower.Deleted is null && upper.Deleted is null) return;
        merged.Deleted = new(lower.Deleted ?? [], StringComparer.Ordinal);
        merged.Deleted.UnionWith(upper.Deleted ?? []);
    }
}

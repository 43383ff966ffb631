namespace ImageKit.Oci;

/// <summary>
/// Holds the table of contents inside of a layer against the layer's tar. Tools that read single files believe the table, all others the tar: a
/// layer in which they differ is one content to some and another to others.
/// </summary>
internal static class SeekableCheck
{
    /// <exception cref="ContentException">The two speak of different files (IK1216), or the table cannot be read (IK1215).</exception>
    public static async Task AgreeAsync(IContentSource source, Descriptor layer, TableOfContents tar, CancellationToken cancel)
    {
        SeekableLayer table = await SeekableLayer.OpenAsync(source, layer, cancel).ConfigureAwait(false);
        Dictionary<string, TocEntry> told = new(StringComparer.Ordinal);
        foreach (LayerItem item in table.Items) told[item.Entry.Path] = item.Entry; // of several the last counts, as in a tar
        Dictionary<string, TocEntry> real = new(StringComparer.Ordinal);
        foreach (TocEntry entry in tar.Entries.Where(entry => !EstargzNames.IsOurs(entry.Path))) real[Written(entry.Path)] = entry;
        foreach ((string path, TocEntry entry) in real)
        {
            if (!told.Remove(path, out TocEntry? other)) throw Differs(layer, $"Its tar has '{path}', and the table has not.");
            if (Difference(entry, other) is { } what) throw Differs(layer, $"Of '{path}' they differ in {what}.");
        }
        if (told.Count > 0) throw Differs(layer, $"The table has '{told.Keys.Min(StringComparer.Ordinal)}', and its tar has not.");
    }

    private static string? Difference(TocEntry tar, TocEntry table) => true switch
    {
        _ when tar.Kind != table.Kind => "what it is",
        _ when tar.Size != table.Size => "size",
        _ when tar.Size > 0 && tar.ContentHash != table.ContentHash => "content",
        _ when tar.Mode != table.Mode => "mode",
        _ when (tar.Uid, tar.Gid) != (table.Uid, table.Gid) => "owner",
        _ when tar.LinkTarget is { } link && Written(link) != table.LinkTarget => "where it links to",
        _ when tar.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice && (tar.DeviceMajor, tar.DeviceMinor) != (table.DeviceMajor, table.DeviceMinor) => "device",
        _ => null,
    };

    // Names that are no UTF-8 cannot be written in JSON; every tool writes them so.
    private static string Written(string path) => path.Any(char.IsSurrogate) ? string.Concat(path.EnumerateRunes()) : path;

    private static ContentException Differs(Descriptor layer, string why) => new("IK1216", $"The table of contents inside of the layer {layer.Digest} speaks of other files than its tar.", why,
        "Do not use the image: what it holds depends on who reads it. If you trust who made it, ask them to make it anew.");
}

namespace ImageKit.Oci;

/// <summary>What an entry of a layer is. The values are written to disk: never renumber.</summary>
public enum EntryKind : byte
{
    /// <summary>A regular file.</summary>
    File = 0,

    /// <summary>A directory.</summary>
    Directory = 1,

    /// <summary>A symbolic link; its target is kept as text.</summary>
    Symlink = 2,

    /// <summary>One more name for a regular file of the same layer.</summary>
    Hardlink = 3,

    /// <summary>A character device.</summary>
    CharacterDevice = 4,

    /// <summary>A block device.</summary>
    BlockDevice = 5,

    /// <summary>A named pipe.</summary>
    Fifo = 6,
}

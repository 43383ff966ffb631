using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>One entry of a tar as <see cref="TarReader"/> finds it: names are raw, and may be absolute or lead out of the root.</summary>
public sealed record TarEntry
{
    /// <summary>The name as written, such as `./usr/bin/`; see <see cref="TarText"/> for bytes that are not UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>The link's text or the name of a hard link's file, as written; null for all else.</summary>
    public string? LinkName { get; init; }

    /// <summary>Permission bits with set-id and sticky bits, at most octal 7777.</summary>
    public int Mode { get; init; }

    /// <summary>The owner's number.</summary>
    public uint Uid { get; init; }

    /// <summary>The group's number.</summary>
    public uint Gid { get; init; }

    /// <summary>The owner's name; empty if not given.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The group's name; empty if not given.</summary>
    public string GroupName { get; init; } = "";

    /// <summary>Time of the last change, in seconds since 1970; may be negative.</summary>
    public long MtimeSeconds { get; init; }

    /// <summary>The part of that time below a second, 0 to 999,999,999.</summary>
    public int MtimeNanoseconds { get; init; }

    /// <summary>Bytes of a regular file with its holes filled; 0 for all else.</summary>
    public long Size { get; init; }

    /// <summary>Extended attributes, sorted by name, ordinally.</summary>
    public ImmutableArray<Xattr> Xattrs { get; init; } = [];

    /// <summary>The major number of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>The minor number of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Where the entry's bytes begin in the tar.</summary>
    public long Offset { get; init; }

    /// <summary>Whether parts of the file are left out of the tar, being zeros.</summary>
    public bool IsSparse => !Sparse.IsDefault;

    internal ImmutableArray<SparseSpan> Sparse { get; init; }

    /// <summary>The same with clean paths (see <see cref="LayerPath"/>), for a table of contents.</summary>
    /// <exception cref="ContentException">The name or a hard link's target leads out of the root or cannot be a path (IK1204).</exception>
    public TocEntry ToTocEntry() => new()
    {
        Path = LayerPath.Of(this),
        Kind = Kind,
        Mode = Mode,
        Uid = Uid,
        Gid = Gid,
        MtimeSeconds = MtimeSeconds,
        MtimeNanoseconds = MtimeNanoseconds,
        Size = Size,
        LinkTarget = Kind == EntryKind.Hardlink ? LayerPath.OfLink(this) : LinkName,
        Xattrs = Xattrs,
        DeviceMajor = DeviceMajor,
        DeviceMinor = DeviceMinor,
        Offset = Kind == EntryKind.File ? Offset : 0,
        Sparse = Sparse,
    };
}

using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// One entry of a layer: all that its tar says, with the SHA-256 of its bytes and where they lie. Whiteouts are entries like any other,
/// named `.wh.x` and `.wh..wh..opq`. Equal if every field is.
/// </summary>
public sealed record TocEntry
{
    /// <summary>Where it is, such as `usr/bin/sh`: no slash first or last, no empty, `.` or `..` component. The root is the empty path.</summary>
    /// <remarks>Bytes that are not UTF-8 appear as U+DC80 to U+DCFF (see <see cref="TarText"/>), so that every name survives.</remarks>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Permission bits with set-id and sticky bits, at most octal 7777.</summary>
    public int Mode { get; init; }

    /// <summary>The owner.</summary>
    public uint Uid { get; init; }

    /// <summary>The group.</summary>
    public uint Gid { get; init; }

    /// <summary>Time of the last change, in seconds since 1970; may be negative.</summary>
    public long MtimeSeconds { get; init; }

    /// <summary>The part of that time below a second, 0 to 999,999,999.</summary>
    public int MtimeNanoseconds { get; init; }

    /// <summary>Bytes of a regular file; 0 for all else.</summary>
    public long Size { get; init; }

    /// <summary>The SHA-256 of a regular file's bytes; `default` if not known.</summary>
    public Hash256 ContentHash { get; init; }

    /// <summary>A symbolic link's text as it is; of a hard link, the path of the file, in the form of <see cref="Path"/>. Null for all else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Extended attributes, sorted by name, ordinally; empty in `default`.</summary>
    public ImmutableArray<Xattr> Xattrs { get => field.IsDefault ? [] : field; init; }

    /// <summary>The major number of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>The minor number of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Where a regular file's bytes begin in the uncompressed tar.</summary>
    public long Offset { get; init; }

    /// <summary>Which parts of a sparse file are in the tar, from <see cref="Offset"/> on; `default` for files that lie there whole.</summary>
    internal ImmutableArray<SparseSpan> Sparse { get; init; }

    /// <summary>The last component of the path; empty for the root.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether all fields are equal, the bytes of attributes included.</summary>
    public bool Equals(TocEntry? other) => ReferenceEquals(this, other) || (other is not null
        && Path == other.Path && Kind == other.Kind && Mode == other.Mode && Uid == other.Uid && Gid == other.Gid
        && MtimeSeconds == other.MtimeSeconds && MtimeNanoseconds == other.MtimeNanoseconds
        && Size == other.Size && ContentHash == other.ContentHash && LinkTarget == other.LinkTarget
        && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor && Offset == other.Offset
        && Xattrs.AsSpan().SequenceEqual(other.Xattrs.AsSpan())
        && Sparse.IsDefault == other.Sparse.IsDefault && (Sparse.IsDefault || Sparse.AsSpan().SequenceEqual(other.Sparse.AsSpan())));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Kind, Mode, Uid, Gid, Size, ContentHash, LinkTarget);
}

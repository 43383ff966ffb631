using System.Buffers;
using ImageKit.Posix;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>Makes the entries of a layer on disk: first the thing, then its owner, attributes, mode and times; directories get theirs last.</summary>
internal sealed class EntryWriter(DirectoryRoot root, UnpackTarget target, UnpackOptions options)
{
    private const int WhileWriting = 0x180; // 0600
    private const int BufferBytes = 256 * 1024;
    private readonly HashSet<(uint Uid, uint Gid)> _refusedOwners = [];

    public long Bytes { get; private set; }

    public int Skipped { get; private set; }

    public string? FirstSkipped { get; private set; }

    public async ValueTask WriteAsync(TocEntry entry, bool isSparse, Stream content, CancellationToken cancel)
    {
        if (entry.Path.Length == 0)
        {
            if (entry.Kind == EntryKind.Directory) target.Record("", entry);
            return;
        }
        string place = target.Place(entry.Path);
        FileStatus? before = root.Stat(place);
        target.Touch(place, before is not null);
        if (entry.Kind == EntryKind.Directory)
        {
            MakeDirectory(place, entry, before);
            return;
        }
        string? linked = entry.Kind == EntryKind.Hardlink ? target.Find(entry.LinkTarget!) : null;
        if (linked == place && before is not null) return; // a link to itself: it is there
        if (before is not null) target.Remove(place);
        if (entry.Kind == EntryKind.Hardlink) await LinkAsync(place, linked, entry, cancel).ConfigureAwait(false);
        else if (entry.Kind == EntryKind.File) await WriteFileAsync(place, entry, content, isSparse, cancel).ConfigureAwait(false);
        else if (entry.Kind == EntryKind.Symlink) root.MakeSymlink(place, entry.LinkTarget!);
        else if (!TryMakeNode(place, entry)) return;
        if (entry.Kind != EntryKind.Hardlink) Dress(place, entry);
    }

    /// <summary>Gives directories their looks, the deepest first, so that none is closed before what is below it.</summary>
    public void Finish()
    {
        foreach ((string place, DirectoryRecord record) in target.Directories.OrderByDescending(pair => pair.Key, StringComparer.Ordinal))
        {
            if (place.Length > 0 && root.Stat(place) is not { Kind: FileKind.Directory }) continue; // replaced or deleted meanwhile
            if (record.Entry is { } entry) Dress(place, entry);
            else Restore(place, record.Before);
        }
    }

    private void Restore(string place, FileStatus before)
    {
        try
        {
            if ((before.Mode & 0x1C0) != 0x1C0) root.SetMode(place, before.Mode);
            root.SetTimes(place, before.MtimeSeconds, before.MtimeNanoseconds);
        }
        catch (PosixException e) when (UnpackErrors.IsLackOfRights(e)) // a directory of somebody else's that we may write to; of the layer nothing is lost
        {
        }
    }

    private void MakeDirectory(string place, TocEntry entry, FileStatus? before)
    {
        if (before is { Kind: FileKind.Directory } status)
        {
            if ((status.Mode & 0x1C0) != 0x1C0) root.SetMode(place, status.Mode | 0x1C0);
        }
        else
        {
            if (before is not null) target.Remove(place);
            target.MakeDirectory(place);
        }
        target.Record(place, entry);
    }

    private async ValueTask WriteFileAsync(string place, TocEntry entry, Stream content, bool isSparse, CancellationToken cancel)
    {
        using SafeFileHandle file = root.Create(place, WhileWriting);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long offset = 0;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancel).ConfigureAwait(false)) > 0)
            {
                bool hole = isSparse && !buffer.AsSpan(0, read).ContainsAnyExcept((byte)0);
                if (!hole) RandomAccess.Write(file, buffer.AsSpan(0, read), offset);
                offset += read;
            }
            if (isSparse) RandomAccess.SetLength(file, offset);
            Bytes += offset;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask LinkAsync(string place, string? linked, TocEntry entry, CancellationToken cancel)
    {
        if (linked is not null && root.Stat(linked) is { Kind: not FileKind.Directory })
        {
            root.MakeHardLink(place, linked);
            return;
        }
        TreeNode? lower = options.Lower is null ? null : TreeWalk.Resolve(options.Lower.Root, entry.LinkTarget!, followLast: false).Node;
        if (lower is not { IsDirectory: false }) throw UnpackErrors.NoFile(entry.Path, entry.LinkTarget!);
        await CopyAsync(place, lower, cancel).ConfigureAwait(false);
    }

    /// <summary>A hard link to a file of a lower layer: in overlayfs only a copy can stand for it.</summary>
    private async ValueTask CopyAsync(string place, TreeNode lower, CancellationToken cancel)
    {
        if (lower.Entry.Kind == EntryKind.Symlink) root.MakeSymlink(place, lower.Entry.LinkTarget!);
        else if (lower.Entry.Kind != EntryKind.File)
        {
            if (!TryMakeNode(place, lower.Entry)) return;
        }
        else
        {
            Stream content = lower.Entry.Size == 0 || lower.Origin is null ? Stream.Null : await lower.Origin.OpenAsync(lower.SourceEntry, cancel).ConfigureAwait(false);
            await using (content.ConfigureAwait(false)) await WriteFileAsync(place, lower.Entry, content, isSparse: false, cancel).ConfigureAwait(false);
        }
        Dress(place, lower.Entry);
    }

    private bool TryMakeNode(string place, TocEntry entry)
    {
        try
        {
            FileKind kind = entry.Kind switch { EntryKind.CharacterDevice => FileKind.CharacterDevice, EntryKind.BlockDevice => FileKind.BlockDevice, _ => FileKind.Fifo };
            root.MakeNode(place, kind, WhileWriting, entry.DeviceMajor, entry.DeviceMinor);
            return true;
        }
        catch (PosixException e) when (UnpackErrors.IsLackOfRights(e))
        {
            Skip(e, place);
            return false;
        }
    }

    private void Dress(string place, TocEntry entry)
    {
        SetOwner(place, entry);
        foreach (Xattr xattr in entry.Xattrs) SetXattr(place, xattr);
        if (entry.Kind != EntryKind.Symlink) root.SetMode(place, entry.Mode);
        root.SetTimes(place, entry.MtimeSeconds, entry.MtimeNanoseconds);
    }

    private void SetOwner(string place, TocEntry entry)
    {
        try
        {
            if (_refusedOwners.Contains((entry.Uid, entry.Gid))) Skipped++;
            else root.SetOwner(place, entry.Uid, entry.Gid);
        }
        catch (PosixException e) when (UnpackErrors.IsLackOfRights(e))
        {
            Skip(e, place);
            _refusedOwners.Add((entry.Uid, entry.Gid));
        }
    }

    private void SetXattr(string place, Xattr xattr)
    {
        // What overlayfs reads for itself must not come from a layer: a redirect, for one, would show other directories.
        if (OverlayXattr.IsPrivate(xattr.Name)) return;
        try
        {
            root.SetXattr(place, xattr.Name, xattr.Value.AsSpan());
        }
        catch (PosixException e) when (UnpackErrors.IsLackOfRights(e))
        {
            Skip(e, place);
        }
    }

    private void Skip(PosixException e, string place)
    {
        if (!options.BestEffort) throw UnpackErrors.Refused(e, place);
        Skipped++;
        FirstSkipped ??= place;
    }
}

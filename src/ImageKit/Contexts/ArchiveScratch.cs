using System.Collections.Concurrent;
using ImageKit.Oci;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Contexts;

/// <summary>Archives that ADD unpacks: told by their content, uncompressed into a temporary file, so that members can be read in any order.</summary>
internal sealed class ArchiveScratch(string folder) : IDisposable
{
    private const int TarMagicOffset = 257;
    private const int HeaderBytes = 512;
    private readonly List<IDisposable> _open = [];

    /// <summary>The members of a file that is a tar archive, plain or compressed; null for any other file.</summary>
    /// <exception cref="ContentException">It begins like an archive, but is broken.</exception>
    public async Task<List<ArchiveMember>?> TryOpenAsync(TreeNode file, CancellationToken cancel)
    {
        if (file.Origin is not { } origin || file.Entry.Size < 20) return null;
        byte[] start = new byte[HeaderBytes];
        Stream peek = await origin.OpenAsync(file.SourceEntry, cancel).ConfigureAwait(false);
        await using (peek.ConfigureAwait(false))
        {
            int read = await peek.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            if (Compression.Detect(start.AsSpan(0, read)) == CompressionFormat.None && !IsTarHeader(start.AsSpan(0, read))) return null;
        }
        Stream content = await origin.OpenAsync(file.SourceEntry, cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            (Stream plain, _) = await Compression.OpenAsync(content, cancel).ConfigureAwait(false);
            await using (plain.ConfigureAwait(false))
            {
                int read = await plain.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
                return IsTarHeader(start.AsSpan(0, read)) ? await ReadAsync(start, plain, cancel).ConfigureAwait(false) : null;
            }
        }
    }

    /// <summary>A file that is gone when it is closed.</summary>
    public static FileStream Temporary(string folder)
    {
        Directory.CreateDirectory(folder);
        return new(Path.Combine(folder, $"{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
    }

    public void Dispose()
    {
        foreach (IDisposable open in _open) open.Dispose();
    }

    private async Task<List<ArchiveMember>> ReadAsync(byte[] start, Stream rest, CancellationToken cancel)
    {
        FileStream tar = Temporary();
        await tar.WriteAsync(start, cancel).ConfigureAwait(false);
        await rest.CopyToAsync(tar, cancel).ConfigureAwait(false);
        await tar.FlushAsync(cancel).ConfigureAwait(false);
        tar.Position = 0;
        List<ArchiveMember> members = [];
        TarReader reader = new(tar, leaveOpen: true);
        await using var _ = reader.ConfigureAwait(false);
        FileSpanOrigin whole = new(tar.SafeFileHandle);
        while (await reader.ReadAsync(cancel).ConfigureAwait(false) is { } entry)
            members.Add(new(entry.ToTocEntry(), entry.IsSparse ? await FilledAsync(reader.Content, cancel).ConfigureAwait(false) : whole));
        return members;
    }

    // A sparse member with its holes filled, in a file of its own.
    private async Task<ContentOrigin> FilledAsync(Stream content, CancellationToken cancel)
    {
        FileStream file = Temporary();
        await content.CopyToAsync(file, cancel).ConfigureAwait(false);
        await file.FlushAsync(cancel).ConfigureAwait(false);
        return new FileSpanOrigin(file.SafeFileHandle, fromStart: true);
    }

    private FileStream Temporary()
    {
        FileStream file = Temporary(folder);
        _open.Add(file);
        return file;
    }

    // ustar and GNU have a magic; without one the checksum tells a V7 header.
    private static bool IsTarHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes) return false;
        if (header[TarMagicOffset..].StartsWith("ustar"u8)) return true;
        long sum = 0, said = 0;
        for (int i = 0; i < HeaderBytes; i++) sum += i is >= 148 and < 156 ? ' ' : header[i];
        foreach (byte digit in header[148..156])
            if (digit is >= (byte)'0' and <= (byte)'7') said = said * 8 + digit - '0';
        return header[0] != 0 && sum == said;
    }
}

/// <summary>One member of an archive.</summary>
/// <param name="Entry">What it is.</param>
/// <param name="Origin">Where its bytes are.</param>
internal readonly record struct ArchiveMember(TocEntry Entry, ContentOrigin Origin);

/// <summary>Bytes that lie in one open file, at the entry's offset or at its start.</summary>
internal sealed class FileSpanOrigin(SafeFileHandle file, bool fromStart = false) : ContentOrigin, IHashMemo
{
    private readonly ConcurrentDictionary<long, Hash256> _learnt = new();

    public Hash256 Find(TocEntry entry) => _learnt.GetValueOrDefault(entry.Offset);

    public void Learn(TocEntry entry, Hash256 hash) => _learnt[entry.Offset] = hash;

    public override ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel) =>
        ValueTask.FromResult<Stream>(new FileSpanStream(file, fromStart ? 0 : entry.Offset, entry.Size));

    public override OriginFile? OpenFile(TocEntry entry) => new OriginFile(file, fromStart ? 0 : entry.Offset, Owned: false);
}

/// <summary>A run of bytes of a file; several may be read at once.</summary>
internal sealed class FileSpanStream(SafeFileHandle file, long offset, long length) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer) => Count(RandomAccess.Read(file, Fit(buffer), offset + _read));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await RandomAccess.ReadAsync(file, buffer[..(int)Math.Min(buffer.Length, length - _read)], offset + _read, cancellationToken).ConfigureAwait(false));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private Span<byte> Fit(Span<byte> buffer) => buffer[..(int)Math.Min(buffer.Length, length - _read)];

    private int Count(int read)
    {
        _read += read;
        return read;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ImageKit.Oci;

/// <summary>
/// Decompresses gzip of any number of members and proves each: the BCL's GZipStream hands out what is there of a file that ends too early,
/// without an error, and ignores what follows the end.
/// </summary>
internal sealed class GzipDecodeStream(Stream compressed) : AsyncReadStream
{
    private const string Format = "gzip";
    private const int TrailerLength = 8;
    private const byte HasHeaderCheck = 2, HasExtra = 4, HasName = 8, HasComment = 16, Reserved = 0xE0;

    private readonly GzipInput _input = new(compressed);
    private readonly Crc32 _crc = new();
    private DeflateStream? _member;
    private long _length; // of this member, decompressed
    private bool _done;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_done && !buffer.IsEmpty)
        {
            _member ??= await BeginMemberAsync(cancellationToken).ConfigureAwait(false);
            int read = await DecodeAsync(_member, buffer, cancellationToken).ConfigureAwait(false);
            _crc.Append(buffer.Span[..read]);
            _length += read;
            if (read > 0) return read;
            await EndMemberAsync(cancellationToken).ConfigureAwait(false);
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    private static async ValueTask<int> DecodeAsync(DeflateStream member, Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await member.ReadAsync(buffer, cancel).ConfigureAwait(false);
        }
        catch (InvalidDataException e) // bits that no deflate writes
        {
            throw CompressionFaults.Broken(Format, e.Message, e);
        }
    }

    /// <seealso href="https://www.rfc-editor.org/rfc/rfc1952#section-2.3"/>
    private async ValueTask<DeflateStream> BeginMemberAsync(CancellationToken cancel)
    {
        if (await NextAsync(cancel).ConfigureAwait(false) != 0x1F || await NextAsync(cancel).ConfigureAwait(false) != 0x8B
            || await NextAsync(cancel).ConfigureAwait(false) != 8) throw CompressionFaults.Broken(Format, "A member does not begin like one.");
        byte flags = await NextAsync(cancel).ConfigureAwait(false);
        if ((flags & Reserved) != 0) throw CompressionFaults.Broken(Format, "A member has unknown flags.");
        await SkipAsync(6, cancel).ConfigureAwait(false); // time, extra flags, system
        if ((flags & HasExtra) != 0)
        {
            int low = await NextAsync(cancel).ConfigureAwait(false), high = await NextAsync(cancel).ConfigureAwait(false);
            await SkipAsync(low | high << 8, cancel).ConfigureAwait(false);
        }
        if ((flags & HasName) != 0) await SkipTextAsync(cancel).ConfigureAwait(false);
        if ((flags & HasComment) != 0) await SkipTextAsync(cancel).ConfigureAwait(false);
        if ((flags & HasHeaderCheck) != 0) await SkipAsync(2, cancel).ConfigureAwait(false);
        _input.BeginPiece();
        _length = 0;
        return new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
    }

    // The decoder does not say where the member ended, only that this is in the last piece: the trailer, which we can compute, is searched there.
    private async ValueTask EndMemberAsync(CancellationToken cancel)
    {
        if (_input.Exhausted) throw CompressionFaults.Truncated(Format);
        var trailer = new byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), (uint)_length);
        int handedOut = _input.PieceLength;
        ReadOnlyMemory<byte> piece = await _input.LastPieceAsync(TrailerLength + 2, cancel).ConfigureAwait(false);
        int end = FindEnd(piece.Span, trailer, handedOut + TrailerLength);
        if (end < 0) throw CompressionFaults.Broken(Format, "A member's length or checksum is wrong, it ends too early, or something else follows it.");
        _input.MoveTo(end);
        _done = !await BeginsMemberAsync(cancel).ConfigureAwait(false);
        if (!_done) _input.MoveTo(0);
        await _member!.DisposeAsync().ConfigureAwait(false);
        _member = null;
        _crc.Reset();
    }

    // Of several matches (an empty member's trailer is all zeros) the one counts that the end or a next member follows, then one before filler.
    private static int FindEnd(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> trailer, int limit)
    {
        int beforeFiller = -1;
        for (int at = 0; at + TrailerLength <= Math.Min(limit, piece.Length); at++)
        {
            int match = piece[at..].IndexOf(trailer);
            if (match < 0 || at + match + TrailerLength > limit) break;
            at += match;
            ReadOnlySpan<byte> after = piece[(at + TrailerLength)..];
            if (after.IsEmpty || after.StartsWith<byte>([0x1F, 0x8B])) return at + TrailerLength;
            if (beforeFiller < 0 && after[0] == 0) beforeFiller = at + TrailerLength;
        }
        return beforeFiller;
    }

    // Filler of zeros up to the end is what tapes leave.
    private async ValueTask<bool> BeginsMemberAsync(CancellationToken cancel)
    {
        int next = await _input.ReadByteAsync(cancel).ConfigureAwait(false);
        if (next == 0x1F) return true;
        while (next == 0) next = await _input.ReadByteAsync(cancel).ConfigureAwait(false);
        return next < 0 ? false : throw CompressionFaults.Broken(Format, "Something else follows its end.");
    }

    private async ValueTask<byte> NextAsync(CancellationToken cancel) =>
        await _input.ReadByteAsync(cancel).ConfigureAwait(false) is >= 0 and var value ? (byte)value : throw CompressionFaults.Truncated(Format);

    private async ValueTask SkipAsync(int count, CancellationToken cancel)
    {
        for (int i = 0; i < count; i++) await NextAsync(cancel).ConfigureAwait(false);
    }

    private async ValueTask SkipTextAsync(CancellationToken cancel)
    {
        while (await NextAsync(cancel).ConfigureAwait(false) != 0) continue;
    }
}

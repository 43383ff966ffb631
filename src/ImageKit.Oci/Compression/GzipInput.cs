namespace ImageKit.Oci;

/// <summary>
/// Hands out a gzip file in small pieces and remembers the last one: a decoder reads on past the end of a member, and this is where the
/// trailer it overran is found again.
/// </summary>
internal sealed class GzipInput(Stream stream) : ReadOnlyStream
{
    public const int PieceBytes = 8192;

    private readonly byte[] _bytes = new byte[256 * 1024];
    private int _pieceStart, _position, _end;

    /// <summary>Whether a decoder asked for more than there is.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>From here on a decoder reads a new member.</summary>
    public void BeginPiece() => (_pieceStart, Exhausted) = (_position, false);

    /// <summary>What was handed out last, and at least <paramref name="more"/> bytes behind it unless the file ends.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> LastPieceAsync(int more, CancellationToken cancel)
    {
        while (_end - _position < more && await FillAsync(cancel).ConfigureAwait(false)) continue;
        return _bytes.AsMemory(_pieceStart, _end - _pieceStart);
    }

    /// <summary>How much of <see cref="LastPieceAsync"/> was handed out.</summary>
    public int PieceLength => _position - _pieceStart;

    /// <summary>Goes back, or a little forward, to a place in the last piece.</summary>
    public void MoveTo(int offsetInPiece)
    {
        _position = _pieceStart + offsetInPiece;
        _pieceStart = _position;
    }

    /// <summary>Takes one byte; -1 at the end.</summary>
    public async ValueTask<int> ReadByteAsync(CancellationToken cancel)
    {
        if (_position == _end)
        {
            _pieceStart = _position;
            if (!await FillAsync(cancel).ConfigureAwait(false)) return -1;
        }
        return _bytes[_position++];
    }

    public override int Read(Span<byte> buffer)
    {
        _pieceStart = _position;
        if (_position == _end) Fill(stream.Read(Compact()));
        return Hand(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _pieceStart = _position;
        if (_position == _end) await FillAsync(cancellationToken).ConfigureAwait(false);
        return Hand(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }

    private int Hand(Span<byte> buffer)
    {
        int count = Math.Min(Math.Min(buffer.Length, PieceBytes), _end - _position);
        _bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        Exhausted = count == 0;
        return count;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        Compact();
        return Fill(await stream.ReadAsync(_bytes.AsMemory(_end), cancel).ConfigureAwait(false));
    }

    private bool Fill(int read)
    {
        _end += read;
        return read > 0;
    }

    // The last piece stays; it is at most a thirtieth of the buffer.
    private Span<byte> Compact()
    {
        if (_pieceStart > 0)
        {
            _bytes.AsSpan(_pieceStart, _end - _pieceStart).CopyTo(_bytes);
            (_pieceStart, _position, _end) = (0, _position - _pieceStart, _end - _pieceStart);
        }
        return _bytes.AsSpan(_end);
    }
}

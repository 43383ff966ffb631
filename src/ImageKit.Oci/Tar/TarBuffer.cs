using System.Buffers;

namespace ImageKit.Oci;

/// <summary>Reads a stream in large pieces and knows how far it is.</summary>
internal sealed class TarBuffer(Stream stream) : IDisposable
{
    private const int Capacity = 128 * 1024;

    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _start, _end;

    /// <summary>Bytes taken so far.</summary>
    public long Position { get; private set; }

    private byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(TarReader));

    /// <summary>The next <paramref name="count"/> bytes without taking them; fewer only at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancel)
    {
        while (_end - _start < count)
        {
            Compact();
            int read = await stream.ReadAsync(Bytes.AsMemory(_end), cancel).ConfigureAwait(false);
            if (read == 0) break;
            _end += read;
        }
        return Bytes.AsMemory(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Takes what <see cref="PeekAsync"/> showed.</summary>
    public void Take(int count)
    {
        _start += count;
        Position += count;
    }

    public int Read(Span<byte> target)
    {
        if (TakeBuffered(target) is > 0 and var buffered) return buffered;
        int read = stream.Read(target);
        Position += read;
        return read;
    }

    public ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancel) =>
        TakeBuffered(target.Span) is > 0 and var buffered ? new(buffered) : ReadOnAsync(target, cancel);

    /// <summary>Reads exactly so many bytes, for header data of a size checked before.</summary>
    public async ValueTask<byte[]> ReadExactAsync(int count, CancellationToken cancel)
    {
        var target = new byte[count];
        for (int done = 0, read; done < count; done += read)
        {
            read = await ReadAsync(target.AsMemory(done), cancel).ConfigureAwait(false);
            if (read == 0) throw TarFaults.Truncated(Position);
        }
        return target;
    }

    public async ValueTask SkipAsync(long count, CancellationToken cancel)
    {
        if (await SkipAtMostAsync(count, cancel).ConfigureAwait(false) < count) throw TarFaults.Truncated(Position);
    }

    /// <summary>Skips bytes up to the end of the stream, and tells how many.</summary>
    public async ValueTask<long> SkipAtMostAsync(long count, CancellationToken cancel)
    {
        long left = count;
        while (left > 0)
        {
            if (_start == _end && (await PeekAsync(1, cancel).ConfigureAwait(false)).IsEmpty) break;
            int step = (int)Math.Min(left, _end - _start);
            Take(step);
            left -= step;
        }
        return count - left;
    }

    public void Dispose()
    {
        if (_bytes is not { } bytes) return;
        _bytes = null;
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private async ValueTask<int> ReadOnAsync(Memory<byte> target, CancellationToken cancel)
    {
        if (target.Length >= Capacity / 2)
        {
            int read = await stream.ReadAsync(target, cancel).ConfigureAwait(false); // large reads need no copy
            Position += read;
            return read;
        }
        await PeekAsync(1, cancel).ConfigureAwait(false);
        return TakeBuffered(target.Span);
    }

    private int TakeBuffered(Span<byte> target)
    {
        int count = Math.Min(target.Length, _end - _start);
        Bytes.AsSpan(_start, count).CopyTo(target);
        Take(count);
        return count;
    }

    private void Compact()
    {
        Bytes.AsSpan(_start, _end - _start).CopyTo(Bytes);
        (_start, _end) = (0, _end - _start);
    }
}

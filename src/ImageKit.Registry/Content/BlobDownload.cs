using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// A blob on its way. When the connection breaks it goes on where it stopped, by a range request, at the same endpoint or at the next of the
/// route, so that the hash above it never starts anew. A slow connection is helped by others. It gives up after a few failures without a
/// byte in between.
/// </summary>
internal sealed class BlobDownload : ReadOnlyStream
{
    private const long MeasuredBytes = 4 * 1024 * 1024; // of which a speed is one measurement

    private readonly ReadRoute _route;
    private readonly Descriptor _blob;
    private readonly SlowWatch _watch;
    private readonly List<RegistryException> _passedOver = [];
    private ImmutableArray<RepositoryRequests> _left; // the endpoint that is read from, and those behind it
    private Stream _body = Null;
    private long _bodyEnd;
    private RangeAhead? _ahead;
    private bool _knowsRanges, _splitFailed, _isPart, _wasShared;
    private long _position, _measured;
    private TimeSpan _measuredFrom;
    private int _failures;

    private BlobDownload(ReadRoute route, Descriptor blob, long from)
    {
        (_route, _blob, _position, _bodyEnd, _left) = (route, blob, from, blob.Size, route.Sources);
        _watch = new(Options.Time, Options.Timeouts.MirrorBytesPerSecond);
    }

    /// <summary>Whether more than one endpoint gave bytes at a time: then nobody can tell whose were wrong.</summary>
    public bool WasShared => _wasShared || _ahead is { IsShared: true };

    /// <summary>The endpoint that gave the last bytes.</summary>
    public RepositoryRequests Source => _left[0];

    private RegistryOptions Options => _route.Last.Options;

    /// <exception cref="ContentException">The blob is not there (IK1101), or of another size (IK1102).</exception>
    public static async Task<BlobDownload> StartAsync(ReadRoute route, Descriptor blob, long from, CancellationToken cancel)
    {
        BlobDownload download = new(route, blob, from);
        await download.OpenAsync(cancel).ConfigureAwait(false);
        return download;
    }

    public override int Read(Span<byte> buffer)
    {
        // For callers that cannot wait asynchronously, such as decompressors of other libraries.
        byte[] bytes = new byte[buffer.Length];
        int count = ReadAsync(bytes).AsTask().GetAwaiter().GetResult();
        bytes.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (_position == _bodyEnd && _bodyEnd < _blob.Size) await NextPartAsync().ConfigureAwait(false);
                else SplitIfSlow(cancellationToken);
                int most = _bodyEnd < _blob.Size ? (int)Math.Min(buffer.Length, _bodyEnd - _position) : buffer.Length;
                if (_left.Length > 1 && _watch.IsTooSlow()) throw new IOException($"It sends less than {Options.Timeouts.MirrorBytesPerSecond} bytes in a second.");
                _watch.Asking();
                int read = await _body.ReadAsync(buffer[..most], cancellationToken).ConfigureAwait(false);
                _watch.Got(read);
                // A connection that ends early is a broken one, whatever the head of the answer promised.
                if (read == 0 && buffer.Length > 0 && _position < _blob.Size) throw new IOException($"The connection ended after {_position} of {_blob.Size} bytes.");
                if (read > 0) _failures = 0;
                _position += read;
                if (!_isPart) Count(read); // parts are counted where they came from
                return read;
            }
            catch (IOException) when (_position >= _blob.Size)
            {
                return 0; // all there: nothing is missing that the break could have cost
            }
            catch (IOException error)
            {
                await ResumeAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_ahead is not null) await _ahead.DisposeAsync().ConfigureAwait(false);
        await _body.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = _ahead?.DisposeAsync().AsTask(); // ends by itself: nothing waits for its parts any more
            _body.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Count(int read)
    {
        _route.Moved(Source, read);
        _measured += read;
        if (_measured < MeasuredBytes && _position < _blob.Size) return;
        _route.Gave(Source, _measured, _watch.Waited - _measuredFrom);
        (_measured, _measuredFrom) = (0, _watch.Waited);
    }

    // The body that is being read serves one more part; those behind it come over connections of their own.
    private void SplitIfSlow(CancellationToken cancel)
    {
        RangeWidth width = Options.Ranges;
        if (_ahead is not null || _splitFailed || !_knowsRanges || width.Connections == 1 || _blob.Size - _position < 4L * width.PartBytes) return;
        if (_watch.Waited < width.After) return;
        _bodyEnd = _position + width.PartBytes;
        _ahead = new(_route, _route.SharesBlobs ? _left : [Source], _blob, _bodyEnd, cancel);
    }

    private async Task NextPartAsync()
    {
        await _body.DisposeAsync().ConfigureAwait(false);
        _body = Null;
        ArraySegment<byte> part = await _ahead!.NextAsync().ConfigureAwait(false);
        _body = new MemoryStream(part.Array ?? [], part.Offset, part.Count, writable: false);
        _isPart = true;
        _bodyEnd += part.Count;
    }

    private async Task ResumeAsync(IOException broken, CancellationToken cancel)
    {
        await _body.DisposeAsync().ConfigureAwait(false);
        _body = Null;
        if (_ahead is not null)
        {
            // One connection again, for good: several were too many for this server.
            _wasShared |= _ahead.IsShared;
            await _ahead.DisposeAsync().ConfigureAwait(false);
            _splitFailed = true;
            _ahead = null;
        }
        _bodyEnd = _blob.Size;
        RetryLimits limits = Options.Retries;
        bool isLast = _left.Length == 1;
        _route.PassOver(Source, broken);
        (_measured, _measuredFrom) = (0, _watch.Waited);
        if (!isLast) _left = _left[1..];
        else if (++_failures >= limits.Attempts) throw GaveUp(broken);
        if (isLast)
        {
            TimeSpan wait = limits.FirstDelay * Math.Pow(2, _failures - 1);
            await Task.Delay(wait < limits.LongestDelay ? wait : limits.LongestDelay, Options.Time, cancel).ConfigureAwait(false);
        }
        await OpenAsync(cancel).ConfigureAwait(false);
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                _isPart = false;
                if (_position == _blob.Size && _position > 0) return;
                (_body, _knowsRanges, int passed) = await BlobOpening.OpenAsync(_route, _left, _blob, _position, cancel).ConfigureAwait(false);
                _left = _left[passed..];
                return;
            }
            catch (Exception error) when (_left.Length > 1 && error is ImageKitException or IOException)
            {
                _route.PassOver(Source, error);
                if (error is RegistryException failure) _passedOver.Add(failure);
                _left = _left[1..]; // the next one has it perhaps
            }
            catch (RegistryException error) when (_passedOver.Count > 0)
            {
                throw error.After(_passedOver.SelectMany(failure => failure.Attempts));
            }
            catch (IOException error) when (++_failures >= Options.Retries.Attempts)
            {
                throw GaveUp(error);
            }
            catch (IOException)
            {
                // Broke while what we have was read past: once more.
            }
        }
    }

    private RegistryException GaveUp(IOException broken) =>
        new("IK2002", RegistryErrorKind.Network, $"Could not pull the blob {_blob.Digest} of {Source.FullName}: the connection broke {_failures} times at byte {_position} of {_blob.Size}.",
            broken.Message, "Try again: what arrived before stays.", broken)
        {
            Host = Source.Endpoint.Host.Name,
            Request = BlobRequest.Of(Source, _blob, _position).ToString(),
            Attempts = [.. _passedOver.SelectMany(failure => failure.Attempts)],
        };
}

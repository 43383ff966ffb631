using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// A blob on its way. When the connection breaks it goes on where it stopped, by a range request, so that the hash above it never starts
/// anew. It gives up after a few failures without a byte in between.
/// </summary>
internal sealed class BlobDownload : ReadOnlyStream
{
    private readonly RepositoryRequests _requests;
    private readonly Descriptor _blob;
    private Stream _body;
    private long _position;
    private int _failures;

    private BlobDownload(RepositoryRequests requests, Descriptor blob, Stream body) => (_requests, _blob, _body) = (requests, blob, body);

    /// <exception cref="ContentException">The blob is not there (IK1101), or of another size (IK1102).</exception>
    public static async Task<BlobDownload> StartAsync(RepositoryRequests requests, Descriptor blob, CancellationToken cancel) =>
        new(requests, blob, await OpenAsync(requests, blob, 0, cancel).ConfigureAwait(false));

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
                int read = await _body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                // A connection that ends early is a broken one, whatever the head of the answer promised.
                if (read == 0 && buffer.Length > 0 && _position < _blob.Size) throw new IOException($"The connection ended after {_position} of {_blob.Size} bytes.");
                if (read > 0) _failures = 0;
                _position += read;
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
        await _body.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body.Dispose();
        base.Dispose(disposing);
    }

    private async Task ResumeAsync(IOException broken, CancellationToken cancel)
    {
        await _body.DisposeAsync().ConfigureAwait(false);
        RetryLimits limits = _requests.Options.Retries;
        if (++_failures >= limits.Attempts) throw GaveUp(broken);
        TimeSpan wait = limits.FirstDelay * Math.Pow(2, _failures - 1);
        await Task.Delay(wait < limits.LongestDelay ? wait : limits.LongestDelay, _requests.Options.Time, cancel).ConfigureAwait(false);
        _body = await OpenAsync(_requests, _blob, _position, cancel).ConfigureAwait(false);
    }

    private static async Task<Stream> OpenAsync(RepositoryRequests requests, Descriptor blob, long from, CancellationToken cancel)
    {
        RegistryRequest request = Request(requests, blob, from);
        Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.NotFound).ConfigureAwait(false);
        try
        {
            Check(requests, request, answer, blob, from);
            AnswerStream body = await answer.OpenAsync(cancel).ConfigureAwait(false);
            // Not every server knows ranges: then it sends all, and what we have is read past.
            if (from > 0 && answer.Status == HttpStatusCode.OK) await SkipAsync(body, from, cancel).ConfigureAwait(false);
            return body;
        }
        catch (Exception error) when (error is ImageKitException or IOException or OperationCanceledException)
        {
            answer.Dispose();
            throw;
        }
    }

    private static RegistryRequest Request(RepositoryRequests requests, Descriptor blob, long from) =>
        requests.Of($"pull the blob {blob.Digest} of {requests.FullName}", HttpMethod.Get, $"blobs/{blob.Digest}", requests.Pull) with
        {
            Headers = from == 0 ? [("Accept-Encoding", "identity")] : [("Accept-Encoding", "identity"), ("Range", $"bytes={from}-")],
        };

    private static void Check(RepositoryRequests requests, RegistryRequest request, Answer answer, Descriptor blob, long from)
    {
        if (answer.Status == HttpStatusCode.NotFound) throw ContentFaults.Missing(blob, requests.FullName);
        if (answer.Header("Content-Encoding") is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw AnswerFaults.Bad(request, answer, $"It encoded the blob as '{encoding}', which was not asked for.");
        }
        if (answer.Status == HttpStatusCode.PartialContent)
        {
            bool right = answer.Header("Content-Range") is { } range && range.StartsWith($"bytes {from}-", StringComparison.OrdinalIgnoreCase);
            if (!right) throw AnswerFaults.Bad(request, answer, $"It sent another range than the one from {from} on.");
        }
        else if (answer.Length is { } length && length != blob.Size)
        {
            throw length < blob.Size ? ContentFaults.TooShort(blob, length) : ContentFaults.TooLong(blob);
        }
    }

    private static async Task SkipAsync(Stream body, long count, CancellationToken cancel)
    {
        byte[] buffer = new byte[64 * 1024];
        while (count > 0)
        {
            int read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancel).ConfigureAwait(false);
            if (read == 0) throw new IOException("The connection ended again before the place where it broke.");
            count -= read;
        }
    }

    private RegistryException GaveUp(IOException broken) =>
        new("IK2002", RegistryErrorKind.Network, $"Could not pull the blob {_blob.Digest} of {_requests.FullName}: the connection broke {_failures} times at byte {_position} of {_blob.Size}.",
            broken.Message, "Try again: what arrived before stays.", broken)
        {
            Host = _requests.Endpoint.Host.Name,
            Request = Request(_requests, _blob, _position).ToString(),
        };
}

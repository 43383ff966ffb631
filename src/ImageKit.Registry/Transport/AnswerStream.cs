using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The body of an answer. A read that brings nothing for too long fails; the answer is closed with the stream.</summary>
internal sealed class AnswerStream(HttpResponseMessage answer, Stream inner, RegistryOptions options) : ReadOnlyStream
{
    private readonly CancellationTokenSource _limit = new(Timeout.InfiniteTimeSpan, options.Time);

    public static async Task<AnswerStream> OpenAsync(HttpResponseMessage answer, RegistryOptions options, CancellationToken cancel) =>
        new(answer, await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), options);

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Bodies are read asynchronously.");

    /// <exception cref="IOException">The connection broke, or nothing came for too long: both may be resumed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = inner.ReadAsync(buffer, _limit.Token);
        if (read.IsCompletedSuccessfully) return read.Result;
        _limit.CancelAfter(options.Timeouts.Idle);
        using CancellationTokenRegistration caller = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _limit);
        try
        {
            int count = await read.ConfigureAwait(false);
            _limit.CancelAfter(Timeout.InfiniteTimeSpan);
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing came for {options.Timeouts.Idle.TotalSeconds:0.#} seconds.");
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
            _limit.Dispose();
        }
        base.Dispose(disposing);
    }
}

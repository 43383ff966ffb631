using System.Buffers;
using ImageKit.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ImageKit.Server;

/// <summary>Between the web server's requests and the protocol's.</summary>
internal static class AnswerWriting
{
    private const int BufferBytes = 256 * 1024;
    private const long MostDrained = 64 * 1024 * 1024;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>The request as plain values.</summary>
    public static ServedRequest Read(HttpContext context)
    {
        HttpRequest request = context.Request;
        string target = TargetOf(context);
        int question = target.IndexOf('?', StringComparison.Ordinal);
        return new(request.Method, question < 0 ? target : target[..question], question < 0 ? [] : ServedRequest.ParseQuery(target[(question + 1)..]),
            name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, request.Body);
    }

    /// <summary>Path and query as they were sent: the web server would decode and shorten them.</summary>
    public static string TargetOf(HttpContext context)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return raw.StartsWith('/') ? raw : context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
    }

    /// <summary>Sends an answer and closes its body.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="answer">What.</param>
    /// <param name="sent">Told how many bytes of the body went out after each step.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="IOException">The client went away, or the body broke.</exception>
    public static async Task WriteAsync(HttpContext context, ServedAnswer answer, Action<long> sent, CancellationToken cancel)
    {
        HttpResponse response = context.Response;
        response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers) response.Headers.Append(name, value);
        if (answer.Status is not (204 or 304)) response.ContentLength = answer.Length;
        if (answer.Content is { } content)
        {
            await using (content.ConfigureAwait(false)) await CopyAsync(content, answer.Length, response.Body, sent, cancel).ConfigureAwait(false);
        }
        else if (!answer.Body.IsEmpty)
        {
            await response.Body.WriteAsync(answer.Body, cancel).ConfigureAwait(false);
            sent(answer.Body.Length);
        }
    }

    /// <summary>
    /// Reads what is left of a body that is refused: many clients send all of it before they look at the answer, and would see a broken
    /// connection instead. Not without end, and not where the client asked first (`Expect: 100-continue`).
    /// </summary>
    public static async Task DrainAsync(HttpContext context, CancellationToken cancel)
    {
        if (context.Request.ContentLength is not > 0 || context.Request.Headers.ContainsKey("Expect")) return;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(DrainTime);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long total = 0; total < MostDrained;)
            {
                int count = await context.Request.Body.ReadAsync(buffer, enough.Token).ConfigureAwait(false);
                if (count == 0) return;
                total += count;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Too slow: it gets the answer now.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task CopyAsync(Stream content, long length, Stream target, Action<long> sent, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long total = 0;
            while (await content.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int count)
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
                sent(total += count);
            }
            if (total < length) throw new IOException($"The content ended after {total} of {length} bytes.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

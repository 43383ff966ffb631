using System.Collections.Immutable;
using System.Net;

namespace ImageKit.Registry;

/// <summary>A registry's answer, its body unread, and the URL that gave it in the end.</summary>
internal sealed class Answer(HttpResponseMessage message, Uri url, RegistryOptions options) : IDisposable
{
    public HttpStatusCode Status => message.StatusCode;

    public Uri Url => url;

    /// <summary>Every request that led to this answer and was no success, itself included.</summary>
    public ImmutableArray<RegistryAttempt> Attempts { get; set; } = [];

    public long? Length => message.Content.Headers.ContentLength;

    /// <summary>The media type without parameters; empty if none is given.</summary>
    public string ContentType => (Header("Content-Type") ?? "").Split(';')[0].Trim();

    /// <summary>A header as it was sent, several joined by commas, or null.</summary>
    public string? Header(string name)
    {
        if (message.Headers.NonValidated.TryGetValues(name, out var values) || message.Content.Headers.NonValidated.TryGetValues(name, out values))
        {
            return string.Join(',', values);
        }
        return null;
    }

    /// <summary>Opens the body; the stream closes this answer.</summary>
    public Task<AnswerStream> OpenAsync(CancellationToken cancel) => AnswerStream.OpenAsync(message, options, cancel);

    /// <summary>Reads the whole body; null if it is longer than <paramref name="limit"/> bytes.</summary>
    public async Task<byte[]?> ReadAsync(int limit, CancellationToken cancel)
    {
        if (Length > limit) return null;
        AnswerStream body = await OpenAsync(cancel).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream bytes = new((int)(Length ?? 0)); // at most the limit
            byte[] buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int count)
            {
                if (bytes.Length + count > limit) return null;
                bytes.Write(buffer, 0, count);
            }
            return bytes.ToArray();
        }
    }

    public void Dispose() => message.Dispose();
}

using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using ImageKit.Registry;

namespace ImageKit.Testing;

/// <summary>Carries requests to the registry without sockets.</summary>
internal sealed class InMemoryHandler(FaultyServer server) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri url = request.RequestUri!;
        ImmutableDictionary<string, string> headers = HeadersOf(request);
        Pipe pipe = new();
        Task sending = SendBodyAsync(request, pipe.Writer, cancellationToken);
        ServedRequest served = new(request.Method.Method, url.AbsolutePath, ServedRequest.ParseQuery(url.Query), name => headers.GetValueOrDefault(name), pipe.Reader.AsStream());
        try
        {
            (ServedAnswer answer, RegistryFault? fault) = await server.HandleAsync(served, url, headers, cancellationToken).ConfigureAwait(false);
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
            return Message(request, answer, fault);
        }
        catch (IOException error)
        {
            await pipe.Reader.CompleteAsync(error).ConfigureAwait(false);
            await sending.ConfigureAwait(false); // the caller's own failure comes first
            throw new HttpRequestException(HttpRequestError.Unknown, error.Message, error);
        }
    }

    private static async Task SendBodyAsync(HttpRequestMessage request, PipeWriter writer, CancellationToken cancel)
    {
        Stream stream = writer.AsStream(leaveOpen: true);
        try
        {
            if (request.Content is not null) await request.Content.CopyToAsync(stream, cancel).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or ImageKitException or OperationCanceledException)
        {
            // As a socket does it: the server sees the connection break, the caller sees its own failure.
            await writer.CompleteAsync(new IOException("The request broke off.", error)).ConfigureAwait(false);
            if (error is ImageKitException or OperationCanceledException) throw;
        }
    }

    private static HttpResponseMessage Message(HttpRequestMessage request, ServedAnswer answer, RegistryFault? fault)
    {
        HttpResponseMessage message = new((HttpStatusCode)answer.Status) { RequestMessage = request };
        ReadOnlyMemory<byte> bytes = fault?.ShortenTo is { } length && length < answer.Body.Length ? answer.Body[..length] : answer.Body;
        Stream body = new MemoryStream(bytes.ToArray(), writable: false);
        if (fault?.BytesPerSecond is { } speed) body = new SlowStream(body, speed);
        if (fault?.CutAfter is { } cut) body = new BrokenStream(body, cut, fault.Resets);
        if (fault?.StallAfter is { } stall) body = new BrokenStream(body, stall, resets: false, stalls: true);
        message.Content = new StreamContent(body);
        if (fault?.ShortenTo is null) message.Content.Headers.ContentLength = answer.Length;
        foreach ((string name, string value) in answer.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    private static ImmutableDictionary<string, string> HeadersOf(HttpRequestMessage request)
    {
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in request.Headers.NonValidated) headers[header.Key] = string.Join(", ", header.Value);
        if (request.Content is null) return headers.ToImmutable();
        foreach (var header in request.Content.Headers.NonValidated) headers[header.Key] = string.Join(", ", header.Value);
        return headers.ToImmutable();
    }
}

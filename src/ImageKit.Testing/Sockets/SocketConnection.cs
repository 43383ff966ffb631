using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageKit.Registry;

namespace ImageKit.Testing;

/// <summary>One connection: its requests one after another, each answered by the registry, faults and all.</summary>
internal sealed class SocketConnection(Socket socket, string name, FaultyServer server)
{
    private const long MostDrained = 64 * 1024 * 1024;

    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    private readonly SocketReader _reader = new(socket);

    /// <summary>Serves until one side ends the connection.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        socket.NoDelay = true;
        try
        {
            while (await RequestHead.ReadAsync(_reader, cancel).ConfigureAwait(false) is { } head && await ServeAsync(head, cancel).ConfigureAwait(false)) { }
            await CloseAsync(cancel).ConfigureAwait(false);
        }
        catch (ToldToBreak broken) when (broken.Resets)
        {
            socket.Close(timeout: 0); // no lingering: the peer gets a reset
        }
        catch (ToldToBreak)
        {
            await CloseAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went away, or speaks no HTTP, or the registry was closed.
        }
    }

    // Whether the connection stays open for another request.
    private async Task<bool> ServeAsync(RequestHead head, CancellationToken cancel)
    {
        RequestBody body = new(_reader, head, token => SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), token));
        Uri? url = head.Url(name);
        if (url is null)
        {
            await WriteAsync(head, ServedAnswer.Error(400, "UNSUPPORTED", "no URL"), null, closes: true, cancel).ConfigureAwait(false);
            return false;
        }
        ServedRequest request = new(head.Method, url.AbsolutePath, ServedRequest.ParseQuery(url.Query), head.Header, body);
        (ServedAnswer answer, RegistryFault? fault) = await server.HandleAsync(request, url, head.Headers, cancel).ConfigureAwait(false);
        // Many clients send all before they read: what is left is taken, unless they asked first.
        bool whole = head.ExpectsContinue && !body.WasAsked ? head.BodyLength == 0 : await body.TryDrainAsync(MostDrained, cancel).ConfigureAwait(false);
        bool honest = fault?.DeclaredLength is null && fault?.CutAfter is null && fault?.StallAfter is null;
        bool closes = head.Closes || !whole || !honest;
        await WriteAsync(head, answer, fault, closes, cancel).ConfigureAwait(false);
        return !closes;
    }

    private async Task WriteAsync(RequestHead head, ServedAnswer answer, RegistryFault? fault, bool closes, CancellationToken cancel)
    {
        ReadOnlyMemory<byte> body = head.Method == "HEAD" || answer.Status is 204 or 304 ? default : answer.Body;
        bool chunked = fault?.ShortenTo is { } length && length < body.Length; // a body that seems to be whole
        if (chunked) body = body[..fault!.ShortenTo!.Value];
        if ((fault?.CutAfter ?? fault?.StallAfter) is { } most && most < body.Length) body = body[..most];
        await SendAsync(HeadOf(answer, chunked, closes), cancel).ConfigureAwait(false);
        if (chunked) await SendAsync(Encoding.ASCII.GetBytes(body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), cancel).ConfigureAwait(false);
        await SendBodyAsync(body, fault?.BytesPerSecond, cancel).ConfigureAwait(false);
        if (chunked) await SendAsync("\r\n0\r\n\r\n"u8.ToArray(), cancel).ConfigureAwait(false);
        if (fault?.StallAfter is not null) await _reader.WaitForEndAsync(cancel).ConfigureAwait(false);
        if (fault?.CutAfter is not null) throw new ToldToBreak(fault.Resets);
    }

    private static byte[] HeadOf(ServedAnswer answer, bool chunked, bool closes)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {(HttpStatusCode)answer.Status}\r\n");
        foreach ((string header, string value) in answer.Headers) text.Append(CultureInfo.InvariantCulture, $"{header}: {value}\r\n");
        if (chunked) text.Append("Transfer-Encoding: chunked\r\n");
        else if (answer.Status is not (204 or 304)) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Length}\r\n");
        if (closes) text.Append("Connection: close\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    private async Task SendBodyAsync(ReadOnlyMemory<byte> body, int? bytesPerSecond, CancellationToken cancel)
    {
        if (bytesPerSecond is not { } speed)
        {
            await SendAsync(body, cancel).ConfigureAwait(false);
            return;
        }
        using SlowStream slow = new(new MemoryStream(body.ToArray(), writable: false), speed);
        byte[] buffer = new byte[64 * 1024];
        while (await slow.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int count) await SendAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancel).ConfigureAwait(false)..];
    }

    // In order: a socket that is closed with bytes unread would be reset, and the peer could lose what was sent last.
    private async Task CloseAsync(CancellationToken cancel)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(ClosingTime);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            await _reader.WaitForEndAsync(late.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It is closed in any case.
        }
    }
}

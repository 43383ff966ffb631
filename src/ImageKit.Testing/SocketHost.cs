using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ImageKit.Registry;

namespace ImageKit.Testing;

/// <summary>Serves the registry on a port of loopback.</summary>
internal sealed class SocketHost : IDisposable
{
    private readonly HttpListener _listener;
    private readonly FaultyServer _server;
    private readonly CancellationTokenSource _stop = new();

    private SocketHost(HttpListener listener, FaultyServer server, int port) =>
        (_listener, _server, Name) = (listener, server, "127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture));

    public string Name { get; }

    public static SocketHost Start(FaultyServer server)
    {
        for (int attempt = 1; ; attempt++)
        {
            int port = FreePort();
            HttpListener listener = new() { IgnoreWriteExceptions = true };
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            listener.Prefixes.Add($"http://localhost:{port}/");
            try
            {
                listener.Start();
                SocketHost host = new(listener, server, port);
                _ = host.AcceptAsync();
                return host;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close(); // somebody took the port in between
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Close();
        _stop.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);
                _ = AnswerAsync(context, _stop.Token);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return; // closed
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, CancellationToken cancel)
    {
        try
        {
            HttpListenerRequest request = context.Request;
            ImmutableDictionary<string, string> headers = request.Headers.AllKeys.OfType<string>()
                .ToImmutableDictionary(name => name, name => request.Headers[name] ?? "", StringComparer.OrdinalIgnoreCase);
            ServedRequest served = new(request.HttpMethod, request.Url!.AbsolutePath, ServedRequest.ParseQuery(request.Url.Query), name => headers.GetValueOrDefault(name), request.InputStream);
            (ServedAnswer answer, RegistryFault? fault) = await _server.HandleAsync(served, request.Url, headers, cancel).ConfigureAwait(false);
            await WriteAsync(context, answer, fault, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or HttpListenerException or OperationCanceledException or ObjectDisposedException)
        {
            context.Response.Abort();
        }
    }

    private static async Task WriteAsync(HttpListenerContext context, ServedAnswer answer, RegistryFault? fault, CancellationToken cancel)
    {
        HttpListenerResponse response = context.Response;
        response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers) response.Headers[name] = value;
        int? most = fault?.CutAfter ?? fault?.StallAfter;
        ReadOnlyMemory<byte> body = most < answer.Body.Length ? answer.Body[..most.Value] : answer.Body;
        if (fault?.ShortenTo is { } length && length < body.Length) (body, response.SendChunked) = (body[..length], true);
        else if (answer.Status is not (204 or 304)) response.ContentLength64 = answer.Length;
        if (fault?.DeclaredLength < body.Length) body = body[..(int)fault.DeclaredLength];
        if (context.Request.HttpMethod != "HEAD") await SendAsync(response, body, fault?.BytesPerSecond, cancel).ConfigureAwait(false);
        if (fault?.StallAfter is not null) await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
        if (fault?.CutAfter is not null) throw new IOException("The connection was broken, as told.");
        response.Close();
    }

    private static async Task SendAsync(HttpListenerResponse response, ReadOnlyMemory<byte> body, int? bytesPerSecond, CancellationToken cancel)
    {
        Stream content = new MemoryStream(body.ToArray(), writable: false);
        if (bytesPerSecond is { } speed) content = new SlowStream(content, speed);
        await using (content.ConfigureAwait(false)) await content.CopyToAsync(response.OutputStream, cancel).ConfigureAwait(false);
    }
}

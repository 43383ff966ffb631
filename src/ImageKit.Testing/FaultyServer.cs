using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using ImageKit.Registry;

namespace ImageKit.Testing;

/// <summary>The registry behind its logins and faults, for whatever carries the requests.</summary>
internal sealed class FaultyServer
{
    private readonly MemoryContent _content;
    private readonly RegistryProtocol _protocol;
    private readonly LoginGate? _gate;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<PendingFault> _faults = [];
    private ImmutableArray<RecordedRequest> _requests = [];

    public FaultyServer(MemoryContent content, string host, RegistryLogin? login, TimeProvider time)
    {
        (_content, _protocol, _time, TokenHost) = (content, new(content), time, "auth." + host);
        _gate = login is null ? null : new(host, login, time);
        Host = host;
    }

    public string Host { get; }

    public string TokenHost { get; }

    public ImmutableArray<RecordedRequest> Requests
    {
        get
        {
            lock (_lock) return _requests;
        }
    }

    public void Inject(RegistryFault fault)
    {
        lock (_lock) _faults.Add(new(fault));
    }

    public void Heal()
    {
        lock (_lock) _faults.Clear();
    }

    public void ForgetRequests()
    {
        lock (_lock) _requests = [];
    }

    /// <summary>Answers, or throws <see cref="IOException"/> where the connection breaks.</summary>
    public async Task<(ServedAnswer Answer, RegistryFault? Fault)> HandleAsync(ServedRequest request, Uri url, ImmutableDictionary<string, string> headers, CancellationToken cancel)
    {
        RegistryFault? fault = TakeFault(request, url);
        int status = 0;
        try
        {
            if (fault is not null && fault.Delay > TimeSpan.Zero) await Task.Delay(fault.Delay, _time, cancel).ConfigureAwait(false);
            if (fault is { BreakConnection: true }) throw new ToldToBreak(fault.Resets);
            if (fault?.BreakBodyAfter is { } most) request = request with { Body = new BrokenStream(request.Body, most, fault.Resets) };
            if (fault is { LosesUploads: true }) _content.ForgetUploads();
            if (fault?.Instead is { } path) request = request with { Path = path };
            if (fault is { IgnoreRange: true }) request = request with { Header = name => name.Equals("Range", StringComparison.OrdinalIgnoreCase) ? null : headers.GetValueOrDefault(name) };
            ServedAnswer answer = Override(fault, request) ?? await AnswerAsync(request, url, cancel).ConfigureAwait(false);
            status = answer.Status;
            return (Change(answer, fault), fault);
        }
        finally
        {
            lock (_lock) _requests = _requests.Add(new(request.Method, url, headers, status));
        }
    }

    private async Task<ServedAnswer> AnswerAsync(ServedRequest request, Uri url, CancellationToken cancel)
    {
        bool storage = url.Host != Host && url.Host != TokenHost && !url.IsLoopback;
        if (_gate is null || storage) return await _protocol.HandleAsync(request, cancel).ConfigureAwait(false);
        if (url.Host == TokenHost || url.AbsolutePath == "/token") return await _gate.IssueAsync(request, cancel).ConfigureAwait(false);
        return _gate.Refuse(request, url) ?? await _protocol.HandleAsync(request, cancel).ConfigureAwait(false);
    }

    private RegistryFault? TakeFault(ServedRequest request, Uri url)
    {
        lock (_lock)
        {
            foreach (PendingFault pending in _faults)
            {
                if (pending.Meets(request, url)) return pending.Fault;
            }
            return null;
        }
    }

    private static ServedAnswer? Override(RegistryFault? fault, ServedRequest request)
    {
        if (fault?.RedirectTo is { } target) return new ServedAnswer(307).With("Location", target.Replace("{path}", request.Path, StringComparison.Ordinal));
        if (fault?.Status is not { } status) return null;
        return new ServedAnswer(status, request.Method == "HEAD" ? default : System.Text.Encoding.UTF8.GetBytes(fault.Body)).With("Content-Type", "application/json");
    }

    private static ServedAnswer Change(ServedAnswer answer, RegistryFault? fault)
    {
        if (fault is null) return answer;
        answer.Headers.RemoveAll(header => fault.Without.Contains(header.Key, StringComparer.OrdinalIgnoreCase) || fault.Headers.ContainsKey(header.Key));
        answer.Headers.AddRange(fault.Headers);
        if (fault.LocationTo is { } template && answer.Headers.FindIndex(header => header.Key == "Location") is >= 0 and int at)
            answer.Headers[at] = new("Location", template.Replace("{location}", answer.Headers[at].Value, StringComparison.Ordinal));
        if (fault.FlipAt is { } bit && bit < answer.Body.Length) answer = WithBody(answer, Flipped(answer.Body, bit));
        if (fault.Packs && !answer.Body.IsEmpty) answer = WithBody(answer, Packed(answer.Body)).With("Content-Encoding", "gzip");
        return fault.DeclaredLength is { } declared ? answer with { Length = declared } : answer;
    }

    private static ServedAnswer WithBody(ServedAnswer answer, byte[] bytes) => answer with { Body = bytes, Length = bytes.Length };

    private static byte[] Flipped(ReadOnlyMemory<byte> body, int at)
    {
        byte[] bytes = body.ToArray();
        bytes[at] ^= 1;
        return bytes;
    }

    private static byte[] Packed(ReadOnlyMemory<byte> body)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(body.Span);
        return packed.ToArray();
    }

    private sealed class PendingFault(RegistryFault fault)
    {
        private int _seen;

        public RegistryFault Fault => fault;

        public bool Meets(ServedRequest request, Uri url)
        {
            bool fits = (fault.Method is null || fault.Method == request.Method) && (fault.Host is null || fault.Host == url.Authority) && request.Path.Contains(fault.Path, StringComparison.Ordinal)
                && (!fault.OnlyRanges || request.Header("Range") is not null);
            if (!fits || (fault.OnlyBodiesOver is { } most && LengthOf(request) <= most)) return false;
            int turn = _seen++ - fault.Skip;
            return turn >= 0 && turn < fault.Times;
        }

        private static long LengthOf(ServedRequest request) =>
            long.TryParse(request.Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : 0;
    }
}

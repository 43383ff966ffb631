using System.Collections.Concurrent;
using System.Net;
using Polly;

namespace ImageKit.Registry;

/// <summary>Sends requests: time limits, logins, redirects, retries. The only place that touches HTTP.</summary>
internal sealed class Transport : IDisposable
{
    private const int MostRedirects = 10;
    private const int MostRounds = 3; // anonymous, with a token, with a wider one

    private readonly HttpMessageInvoker _http;
    private readonly ResiliencePipeline<Answer> _retries;
    private readonly ConcurrentDictionary<EndpointKey, RegistryEndpoint> _endpoints;
    private readonly ConcurrentDictionary<RegistryEndpoint, HostLogin> _logins = new();
    private readonly AnswerNotices _notices;

    public Transport(RegistryOptions options)
        : this(options, new HttpMessageInvoker((options.HandlerFactory ?? RegistryHttp.CreateHandler)(options)), new())
    {
    }

    private Transport(RegistryOptions options, HttpMessageInvoker http, ConcurrentDictionary<EndpointKey, RegistryEndpoint> endpoints)
    {
        (Options, _http, _endpoints, _notices, Health, Parts) = (options, http, endpoints, new(options), new(options.Time, options.HealthFile), new(options.Ranges));
        _retries = RetryPipeline.Build(options);
    }

    public RegistryOptions Options { get; }

    /// <summary>How the endpoints did so far.</summary>
    public HostHealth Health { get; }

    /// <summary>Tokens that stand for logins.</summary>
    public RefreshTokens Refresh { get; private init; } = new();

    /// <summary>Room for parts of blobs.</summary>
    public PartMemory Parts { get; }

    /// <summary>The mirrors and how hosts are secured.</summary>
    public MirrorConfiguration Mirrors => field ??= Options.Mirrors ?? MirrorConfiguration.OfMachine();

    /// <summary>The registry of that name itself, secured as the files of this machine say.</summary>
    public RegistryEndpoint Endpoint(RegistryHost host) => Endpoint(new EndpointKey(host) { Tls = Mirrors.TlsOf(host) });

    /// <summary>The registry of a name itself, secured as the files of this machine say of that name.</summary>
    public EndpointKey KeyOf(Oci.ImageReference reference)
    {
        RegistryHost host = RegistryHost.Parse(reference.Registry);
        return new(host) { Tls = Mirrors.TlsOf(host).And(Mirrors.TlsOf(reference)) };
    }

    public RegistryEndpoint Endpoint(EndpointKey key) => _endpoints.GetOrAdd(key, made => new RegistryEndpoint(made, Options));

    /// <summary>The same connections with a login that is tried.</summary>
    public Transport ToLogIn(ICredentialSource credentials) => new(Options with { Credentials = credentials }, _http, _endpoints) { Refresh = new() { IsLogin = true } };

    /// <summary>Sends a request until an answer comes that is worth no retry.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="accept">The statuses that mean success.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="RegistryException">No answer came, or one with another status.</exception>
    public async Task<Answer> SendAsync(RegistryRequest request, HttpStatusCode[] accept, CancellationToken cancel)
    {
        if (request.Endpoint.IsMirror && request.Method != HttpMethod.Get && request.Method != HttpMethod.Head) throw new InvalidOperationException("Mirrors are only read from.");
        Exchange exchange = new(request, Options.Time);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancel);
        context.Properties.Set(RetryPipeline.ExchangeKey, exchange);
        try
        {
            Answer answer = await _retries.ExecuteAsync(static (context, self) => self.AttemptAsync(context), context, this).ConfigureAwait(false);
            if (accept.Contains(answer.Status))
            {
                if ((int)answer.Status >= 400) AnswerFaults.Note(exchange, answer, Login(request.Endpoint).OriginFor(request.Repository));
                return answer;
            }
            using (answer) throw await AnswerFaults.ReadAsync(exchange, answer, Login(request.Endpoint).OriginFor(request.Repository), Options.Time, cancel).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The login for a repository of an endpoint, or null; asked for once.</summary>
    public ValueTask<Credential?> FindLoginAsync(RegistryEndpoint endpoint, string repository, CancellationToken cancel) => Login(endpoint).FindAsync(repository, cancel);

    /// <summary>Sends a request once, to any host, without login of ours: for token servers.</summary>
    public async Task<Answer> SendForTokenAsync(RegistryRequest request, string? authorization, CancellationToken cancel)
    {
        Exchange exchange = new(request, Options.Time);
        exchange.Begin();
        return await FollowAsync(exchange, authorization is null ? null : (Origin.Of(request.Target), authorization), cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        Health.Save();
        _http.Dispose();
    }

    private HostLogin Login(RegistryEndpoint endpoint) => _logins.GetOrAdd(endpoint, key => new HostLogin(key, this));

    private async ValueTask<Answer> AttemptAsync(ResilienceContext context)
    {
        Exchange exchange = context.Properties.GetValue(RetryPipeline.ExchangeKey, null!);
        RegistryRequest request = exchange.Request;
        // The host told some other request of ours to wait; a mirror is not waited for.
        if (!request.Endpoint.IsMirror && request.Endpoint.Pace.Wait is { Ticks: > 0 } wait && wait <= Options.Retries.LongestDelay) await Task.Delay(wait, Options.Time, context.CancellationToken).ConfigureAwait(false);
        HostLogin login = Login(request.Endpoint);
        Authorization? sent = await login.CurrentAsync(request.Repository, request.Scopes, context.CancellationToken).ConfigureAwait(false);
        for (int round = 1; ; round++)
        {
            exchange.Begin();
            Answer answer = await SendWhereItSpeaksAsync(exchange, sent, context.CancellationToken).ConfigureAwait(false);
            if ((int)answer.Status >= 400) exchange.End(answer.Status, answer.Status.ToString());
            bool ours = Origin.Of(answer.Url) == Origin.Of(request.Endpoint.Root); // a storage host's challenge is not answered
            if (answer.Status != HttpStatusCode.Unauthorized || !ours || round == MostRounds) return answer;
            Authorization? next = await login.AnswerAsync(answer, request, sent, context.CancellationToken).ConfigureAwait(false);
            if (next is null || (request.Body is not null && !request.CanRepeatBody)) return answer;
            answer.Dispose();
            sent = next;
        }
    }

    // Hosts that may be used without TLS are tried with it first: the failed handshake costs no request.
    private async Task<Answer> SendWhereItSpeaksAsync(Exchange exchange, Authorization? sent, CancellationToken cancel)
    {
        RegistryEndpoint endpoint = exchange.Request.Endpoint;
        bool mayFallBack = endpoint.MayBePlain && !endpoint.IsPlain && exchange.Request.Url is null;
        try
        {
            return await FollowAsync(exchange, Bind(endpoint, sent), cancel).ConfigureAwait(false);
        }
        catch (RegistryException error) when (mayFallBack && ConnectionFaults.MayMeanNoTls(error))
        {
            endpoint.IsPlain = true;
            try
            {
                return await FollowAsync(exchange, Bind(endpoint, sent), cancel).ConfigureAwait(false);
            }
            catch (RegistryException)
            {
                endpoint.IsPlain = false; // it speaks neither: nothing was learnt
                throw;
            }
        }
    }

    private static (Origin, string)? Bind(RegistryEndpoint endpoint, Authorization? sent) =>
        sent is null ? null : (Origin.Of(endpoint.Root), sent.Header);

    private async Task<Answer> FollowAsync(Exchange exchange, (Origin Owner, string Header)? authorization, CancellationToken cancel)
    {
        RegistryRequest request = exchange.Request;
        Uri url = request.Target;
        for (int hop = 0; ; hop++)
        {
            string? header = authorization is { } bound && bound.Owner == Origin.Of(url) ? bound.Header : null;
            HttpResponseMessage message = await SendInTurnAsync(exchange, url, header, cancel).ConfigureAwait(false);
            Answer answer = new(message, url, Options);
            if (Origin.Of(url) == Origin.Of(request.Endpoint.Root)) _notices.Read(request.Endpoint, answer);
            if (!IsRedirect(request, answer) || answer.Header("Location") is not { } location) return answer;
            using (answer)
            {
                if (hop == MostRedirects) throw AnswerFaults.Bad(exchange, answer, $"It redirected {MostRedirects} times, and once more.");
                url = UrlPolicy.Resolve(url, location, request.Endpoint);
            }
        }
    }

    // 301 to 303 may turn a request with a body into a GET: those are no redirects of this protocol.
    private static bool IsRedirect(RegistryRequest request, Answer answer) => (int)answer.Status switch
    {
        301 or 302 or 303 => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head,
        307 or 308 => request.Body is null || request.CanRepeatBody,
        _ => false,
    };

    private async Task<HttpResponseMessage> SendInTurnAsync(Exchange exchange, Uri url, string? authorization, CancellationToken cancel)
    {
        HostPace pace = exchange.Request.Endpoint.Pace;
        await pace.EnterAsync(cancel).ConfigureAwait(false);
        try
        {
            return await SendOnceAsync(exchange, url, authorization, cancel).ConfigureAwait(false);
        }
        finally
        {
            pace.Leave();
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Exchange exchange, Uri url, string? authorization, CancellationToken cancel)
    {
        RegistryRequest request = exchange.Request;
        RegistryTimeouts limits = request.Endpoint.Timeouts;
        using IdleWatch watch = new(limits.Header + limits.Connect, Options.Time, cancel);
        HttpRequestMessage message = new(request.Method, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        message.Headers.TryAddWithoutValidation("User-Agent", Options.UserAgent);
        foreach ((string name, string value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (Origin.Of(url) == Origin.Of(request.Endpoint.Root))
        {
            foreach ((string name, string value) in request.Endpoint.Headers) message.Headers.TryAddWithoutValidation(name, value);
        }
        message.Options.Set(ConnectionSettings.Key, request.Endpoint.SettingsFor(url));
        if (authorization is not null) message.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (request.Body is { } body) message.Content = new WatchedContent(body(), watch, limits);
        try
        {
            long began = Options.Time.GetTimestamp();
            HttpResponseMessage answer = await _http.SendAsync(message, watch.Token).ConfigureAwait(false);
            if (request.Body is null) Health.Answered(request.Endpoint, Options.Time.GetElapsedTime(began));
            return answer;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw ConnectionFaults.Read(exchange, url, error);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException(error.Message, error, cancel);
        }
        finally
        {
            message.Content?.Dispose(); // the answer has its own
        }
    }
}

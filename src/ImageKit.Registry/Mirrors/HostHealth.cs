using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>How the endpoints of one client did so far: who is passed over for a while, and who for good.</summary>
internal sealed class HostHealth(TimeProvider time, string? file = null)
{
    private const long UsualBytes = 1024 * 1024; // by which mirrors are compared
    private const int LeastBytes = 64 * 1024; // fewer say nothing of a speed
    private static readonly TimeSpan First = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(500), UsualPatience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<RegistryEndpoint, State> _states = new();
    private readonly Lazy<Dictionary<string, KnownHealth>> _earlier = new(() => HealthFile.Read(file, time.GetUtcNow()));
    private volatile bool _isNews;

    /// <summary>What moved, by host, in the order of names.</summary>
    public ImmutableArray<HostTraffic> Traffic =>
    [
        .. _states.Select(state => state.Value.Traffic(state.Key, time)).OrderBy(traffic => traffic.Host, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The sources to ask now. Mirrors that failed lately are left out where the registry itself is known to answer; where it is not, they come
    /// behind the others. The last stays the last.
    /// </summary>
    /// <param name="sources">The sources in the order of the plan.</param>
    /// <param name="order">Whether the mirrors keep that order.</param>
    public ImmutableArray<RepositoryRequests> Fit(ImmutableArray<RepositoryRequests> sources, MirrorOrder order = MirrorOrder.Listed)
    {
        if (sources.Length == 1) return sources;
        RepositoryRequests last = sources[^1];
        IEnumerable<RepositoryRequests> mirrors = sources[..^1].Where(source => !Of(source).IsQuarantined);
        if (order == MirrorOrder.Fastest) mirrors = mirrors.OrderBy(source => Expect(source.Endpoint, UsualBytes)); // keeps the order of equal ones
        ILookup<bool, RepositoryRequests> cooling = mirrors.ToLookup(source => Of(source).CoolsUntil > time.GetUtcNow());
        return Of(last).Works ? [.. cooling[false], last] : [.. cooling[false], .. cooling[true], last];
    }

    public void Worked(RegistryEndpoint endpoint)
    {
        State state = Of(endpoint);
        if (endpoint.IsMirror && state.CoolsUntil != default) _isNews = true;
        lock (state) (state.Failures, state.CoolsUntil, state.Works) = (0, default, true);
    }

    public void Moved(RegistryEndpoint endpoint, int bytes)
    {
        State state = Of(endpoint);
        Interlocked.Add(ref state.Bytes, bytes);
        state.Works = true;
    }

    /// <summary>Takes note of how long the head of an answer took.</summary>
    public void Answered(RegistryEndpoint endpoint, TimeSpan took)
    {
        State state = Of(endpoint);
        lock (state) (state.Speed, state.Measured) = (state.Speed.Answered(took.TotalSeconds), time.GetUtcNow());
    }

    /// <summary>Takes note of how long bytes took, from the head of their answer on.</summary>
    public void Gave(RegistryEndpoint endpoint, long bytes, TimeSpan took)
    {
        if (bytes < LeastBytes || took <= TimeSpan.Zero) return;
        State state = Of(endpoint);
        lock (state)
        {
            _isNews |= endpoint.IsMirror && state.Speed.BytesPerSecond == 0;
            (state.Speed, state.Measured) = (state.Speed.Gave(bytes / took.TotalSeconds), time.GetUtcNow());
        }
    }

    /// <summary>How many seconds so many bytes should take; 0 if nothing is known.</summary>
    public double Expect(RegistryEndpoint endpoint, long bytes)
    {
        State state = Of(endpoint);
        lock (state) return state.Speed.Expect(bytes);
    }

    /// <summary>How long the head of an answer may take before another endpoint is asked too.</summary>
    public TimeSpan PatienceWith(RegistryEndpoint endpoint)
    {
        double known = Expect(endpoint, 0) * 4;
        if (known == 0) return UsualPatience;
        return known < LeastPatience.TotalSeconds ? LeastPatience : TimeSpan.FromSeconds(Math.Min(known, endpoint.Timeouts.Header.TotalSeconds));
    }

    /// <summary>Never asked again, as what it gave was not what was promised.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Quarantine(RegistryEndpoint endpoint)
    {
        State state = Of(endpoint);
        lock (state)
        {
            bool news = !state.IsQuarantined;
            _isNews |= news;
            state.IsQuarantined = true;
            return news;
        }
    }

    /// <summary>Passed over for a while, if the failure is of the host rather than of what was asked for.</summary>
    public void Failed(RegistryEndpoint endpoint, Exception error)
    {
        State state = Of(endpoint);
        if (error is ContentException { Code: "IK1102" or "IK1103" }) Quarantine(endpoint);
        if (Cools(error) is not { } asked) return;
        _isNews |= endpoint.IsMirror;
        lock (state)
        {
            TimeSpan wait = asked > TimeSpan.Zero ? asked : First * Math.Pow(2, Math.Min(state.Failures, 10));
            (state.Failures, state.Works) = (state.Failures + 1, false);
            state.CoolsUntil = time.GetUtcNow() + (wait < Longest || asked > Longest ? wait : Longest);
        }
    }

    /// <summary>Keeps what the next process should know, if there is anything new.</summary>
    public void Save()
    {
        if (file is null || !_isNews) return;
        _isNews = false;
        DateTimeOffset now = time.GetUtcNow(), longest = now + HealthFile.Longest;
        Dictionary<string, KnownHealth> states = new(HealthFile.Read(file, now), StringComparer.Ordinal);
        foreach ((RegistryEndpoint endpoint, State state) in _states.Where(known => known.Key.IsMirror))
        {
            DateTimeOffset until = state.IsQuarantined ? longest : state.CoolsUntil <= now ? default : state.CoolsUntil < longest ? state.CoolsUntil : longest;
            states[endpoint.Host.Name] = new(until, state.IsQuarantined, state.Speed, state.Measured);
        }
        HealthFile.Write(file, states);
    }

    // Null: not of the host. Zero: for the usual time.
    private static TimeSpan? Cools(Exception error) => error switch
    {
        RegistryException { Kind: RegistryErrorKind.RateLimited } limited => limited.RetryAfter ?? TimeSpan.FromMinutes(1),
        RegistryException { Kind: RegistryErrorKind.Network or RegistryErrorKind.TimedOut } => TimeSpan.Zero,
        RegistryException { Kind: RegistryErrorKind.ServerFailed } failed => failed.RetryAfter ?? TimeSpan.Zero,
        RegistryException { Kind: RegistryErrorKind.BadAnswer or RegistryErrorKind.UnsafeUrl } => TimeSpan.Zero,
        IOException => TimeSpan.Zero,
        _ => null,
    };

    private State Of(RepositoryRequests source) => Of(source.Endpoint);

    private State Of(RegistryEndpoint endpoint) => _states.GetOrAdd(endpoint, Begin);

    // What an earlier process found out counts until its time is over.
    private State Begin(RegistryEndpoint endpoint) => endpoint.IsMirror && _earlier.Value.TryGetValue(endpoint.Host.Name, out KnownHealth known)
        ? new() { CoolsUntil = known.IsQuarantined ? default : known.Until, IsQuarantined = known.IsQuarantined, Speed = known.Speed, Measured = known.Measured } : new();

    private sealed class State
    {
        public int Failures;
        public DateTimeOffset CoolsUntil, Measured;
        public HostSpeed Speed;
        public volatile bool IsQuarantined, Works;
        public long Bytes;

        public HostTraffic Traffic(RegistryEndpoint endpoint, TimeProvider time) =>
            new(endpoint.Host.Name, endpoint.IsMirror, Interlocked.Read(ref Bytes), IsQuarantined ? HostState.Quarantined : CoolsUntil > time.GetUtcNow() ? HostState.Cooling : HostState.Fit)
            {
                Latency = Speed.Latency > 0 ? TimeSpan.FromSeconds(Speed.Latency) : null,
                BytesPerSecond = Speed.BytesPerSecond > 0 ? (long)Speed.BytesPerSecond : null,
            };
    }
}

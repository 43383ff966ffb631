using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Who is asked for the next part of a blob: whoever would be done with it first, by how fast the last ones came.</summary>
internal sealed class PartShares
{
    private const double NewWeight = 0.4; // of the latest part in what is expected of the next
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(200), MostPatience = TimeSpan.FromSeconds(5); // the latter as long as nothing is known

    private readonly TimeProvider _time;
    private readonly List<PartShare> _shares;
    private readonly Lock _lock = new();

    /// <param name="sources">The sources in their order. Of several the last, the registry itself, helps only where a mirror is late or fails.</param>
    /// <param name="health">What is known of how fast they are.</param>
    /// <param name="partBytes">Bytes of a part.</param>
    /// <param name="time">The clock.</param>
    public PartShares(ImmutableArray<RepositoryRequests> sources, HostHealth health, int partBytes, TimeProvider time) => (_time, _shares) =
        (time, [.. sources.Select((source, index) => new PartShare(source, isReserve: sources.Length > 1 && index == sources.Length - 1) { Seconds = health.Expect(source.Endpoint, partBytes) })]);

    /// <summary>How many are asked as a rule.</summary>
    public int Regular => _shares.Count(share => !share.IsReserve);

    /// <summary>Whether more than the first source, which gave the beginning, gave something.</summary>
    public bool IsShared
    {
        get
        {
            lock (_lock) return _shares.Skip(1).Any(share => share.Parts > 0);
        }
    }

    /// <summary>How long a part may take before another source is asked for it too; null if there is none.</summary>
    public TimeSpan? Patience
    {
        get
        {
            lock (_lock)
            {
                double fastest = Fastest;
                if (_shares.Count(share => !share.IsGone) < 2) return null;
                TimeSpan wait = fastest == 0 ? MostPatience : TimeSpan.FromSeconds(fastest * 3);
                return wait < LeastPatience ? LeastPatience : wait;
            }
        }
    }

    private double Fastest => _shares.Where(share => !share.IsGone && share.Seconds > 0).Select(share => share.Seconds).DefaultIfEmpty(0).Min();

    /// <summary>The source for the next part.</summary>
    public PartShare Take() => Best(null, mayBeReserve: false) ?? Best(null, mayBeReserve: true)!;

    /// <summary>Another source than one that is late; null if there is none.</summary>
    public PartShare? TakeOther(PartShare late) => Best(late, mayBeReserve: true);

    /// <summary>A part is asked for.</summary>
    public PartTurn Begin(PartShare share)
    {
        lock (_lock) share.InFlight++;
        return new(this, share, _time.GetTimestamp());
    }

    /// <summary>A source failed and is asked no more.</summary>
    /// <returns>Whether another one is left.</returns>
    public bool Drop(PartShare share)
    {
        lock (_lock)
        {
            if (_shares.Any(other => other != share && !other.IsGone)) share.IsGone = true;
            return share.IsGone;
        }
    }

    public void End(PartShare share, long began, bool got)
    {
        double took = _time.GetElapsedTime(began).TotalSeconds;
        lock (_lock)
        {
            share.InFlight--;
            if (got) share.Parts++;
            // One that was stopped took at least so long: it counts if that is longer than was thought.
            if (got || took > share.Seconds) share.Seconds = share.Seconds == 0 ? took : (took * NewWeight) + (share.Seconds * (1 - NewWeight));
        }
    }

    // Of those that are as good, the first of the route: mirrors stand in the order in which they are to be used.
    private PartShare? Best(PartShare? except, bool mayBeReserve)
    {
        lock (_lock)
        {
            double unknown = Fastest > 0 ? Fastest / 2 : 1; // so that everybody is tried
            return _shares.Where(share => !share.IsGone && share != except && (mayBeReserve || !share.IsReserve)).MinBy(share => (share.InFlight + 1) * (share.Seconds > 0 ? share.Seconds : unknown));
        }
    }
}

/// <summary>One source of parts.</summary>
internal sealed class PartShare(RepositoryRequests source, bool isReserve)
{
    public bool IsReserve => isReserve;

    public RepositoryRequests Source => source;

    /// <summary>Parts that it is asked for now.</summary>
    public int InFlight { get; set; }

    /// <summary>Parts that it gave.</summary>
    public int Parts { get; set; }

    /// <summary>How long a part takes, as far as is known; 0 for not.</summary>
    public double Seconds { get; set; }

    public bool IsGone { get; set; }
}

/// <summary>One part on its way.</summary>
internal sealed class PartTurn(PartShares shares, PartShare share, long began) : IDisposable
{
    private bool _got;

    public void Got() => _got = true;

    public void Dispose() => shares.End(share, began, _got);
}

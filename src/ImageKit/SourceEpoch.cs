using System.Globalization;

namespace ImageKit;

/// <summary>Which time a build writes into what it makes. `default` is second 0, 1 January 1970.</summary>
/// <seealso href="https://reproducible-builds.org/specs/source-date-epoch/"/>
public readonly record struct SourceEpoch
{
    private readonly long _seconds;

    private SourceEpoch(long seconds, bool isNow, bool isCommit = false) => (_seconds, IsNow, IsCommit) = (seconds, isNow, isCommit);

    /// <summary>The time of the build: Docker's behaviour. Two builds then differ.</summary>
    public static SourceEpoch Now { get; } = new(0, true);

    /// <summary>Whether this is <see cref="Now"/>.</summary>
    public bool IsNow { get; }

    /// <summary>Whether this is <see cref="FromGit"/>.</summary>
    public bool IsCommit { get; }

    /// <summary>The time of the last commit of the git repository that the build's context belongs to; read by git when the build begins.</summary>
    public static SourceEpoch FromGit() => new(0, false, isCommit: true);

    /// <summary>A fixed time.</summary>
    /// <param name="seconds">Seconds since 1 January 1970, 0 to 253402300799.</param>
    public static SourceEpoch At(long seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return new(seconds, false);
    }

    /// <summary>Reads a value of SOURCE_DATE_EPOCH: seconds since 1970, in decimal digits.</summary>
    public static bool TryParse(string text, out SourceEpoch epoch)
    {
        bool good = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        epoch = good ? new(seconds, false) : default;
        return good;
    }

    /// <summary>Seconds since 1970.</summary>
    internal long Seconds(TimeProvider time) => IsNow ? time.GetUtcNow().ToUnixTimeSeconds() : _seconds;
}

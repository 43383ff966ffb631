namespace ImageKit.Registry;

/// <summary>How often and how patiently failed requests are sent again: broken connections, 408, 429 and 5xx.</summary>
public sealed record RetryLimits
{
    /// <summary>Requests sent at most for one operation, the first included. 5 unless set; 1 means never again.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait before the second attempt, doubled for each further one, with jitter. 200 ms unless set.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, also when the registry asks for more with Retry-After: then the operation fails. 60 seconds unless set.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);
}

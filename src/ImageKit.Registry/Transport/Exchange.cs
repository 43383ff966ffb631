using System.Collections.Immutable;
using System.Net;

namespace ImageKit.Registry;

/// <summary>One request on its way: what was tried so far.</summary>
internal sealed class Exchange(RegistryRequest request, TimeProvider time)
{
    private readonly List<RegistryAttempt> _attempts = [];
    private long _started;

    public RegistryRequest Request => request;

    public ImmutableArray<RegistryAttempt> Attempts => [.. _attempts];

    public void Begin() => _started = time.GetTimestamp();

    public void End(HttpStatusCode? status, string outcome) =>
        _attempts.Add(new(request.ToString(), (int?)status, outcome, time.GetElapsedTime(_started)));

    /// <summary>Says more of the last attempt, once its answer was read.</summary>
    public void Explain(string outcome, string? requestId, string? login)
    {
        if (_attempts.Count == 0) return;
        RegistryAttempt last = _attempts[^1];
        _attempts[^1] = last with { Outcome = outcome.Length > 0 ? outcome : last.Outcome, RequestId = requestId, Login = login };
    }
}

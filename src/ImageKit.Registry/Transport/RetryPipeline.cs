using System.Net;
using Polly;
using Polly.Retry;

namespace ImageKit.Registry;

/// <summary>When a request is sent again, and after how long.</summary>
internal static class RetryPipeline
{
    public static readonly ResiliencePropertyKey<Exchange> ExchangeKey = new("exchange");

    public static ResiliencePipeline<Answer> Build(RegistryOptions options)
    {
        if (options.Retries.Attempts <= 1) return ResiliencePipeline<Answer>.Empty;
        ResiliencePipelineBuilder<Answer> builder = new() { TimeProvider = options.Time };
        return builder.AddRetry(new RetryStrategyOptions<Answer>
        {
            MaxRetryAttempts = options.Retries.Attempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.Retries.FirstDelay,
            MaxDelay = options.Retries.LongestDelay,
            ShouldHandle = outcome => new(MayHelp(outcome, options)),
            DelayGenerator = outcome => new(Asked(outcome.Outcome, options.Time)), // null: the backoff above
            OnRetry = outcome =>
            {
                outcome.Outcome.Result?.Dispose();
                return default;
            },
        }).Build();
    }

    /// <summary>Whether a status may be gone at the next attempt.</summary>
    public static bool IsPassing(HttpStatusCode status) => (int)status is 408 or 429 or (>= 500 and not 501 and not 505 and not 511);

    private static bool MayHelp(RetryPredicateArguments<Answer> outcome, RegistryOptions options)
    {
        Exchange exchange = outcome.Context.Properties.GetValue(ExchangeKey, null!);
        if (!exchange.Request.CanRetry || (exchange.Request.Body is not null && !exchange.Request.CanRepeatBody)) return false;
        bool passing = outcome.Outcome.Exception is RegistryException error
            ? error.Kind is RegistryErrorKind.Network or RegistryErrorKind.TimedOut or RegistryErrorKind.ServerFailed or RegistryErrorKind.RateLimited && !ConnectionFaults.IsLasting(error)
            : outcome.Outcome.Result is { } answer && IsPassing(answer.Status);
        // Waiting longer than allowed is no use, nor is coming back too early.
        return passing && (Asked(outcome.Outcome, options.Time) is not { } wait || wait <= options.Retries.LongestDelay);
    }

    private static TimeSpan? Asked(Outcome<Answer> outcome, TimeProvider time) =>
        outcome.Exception is RegistryException error ? error.RetryAfter : RetryAfter.Read(outcome.Result?.Header("Retry-After"), time);
}

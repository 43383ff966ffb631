using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace ImageKit.Registry;

/// <summary>Words for answers that are no success.</summary>
internal static class AnswerFaults
{
    private static readonly string[] IdHeaders = ["X-Request-Id", "Docker-Distribution-Request-Id", "X-Amzn-RequestId", "X-Ms-Correlation-Request-Id"];

    /// <summary>Reads a refusal, body included.</summary>
    public static async Task<RegistryException> ReadAsync(Exchange exchange, Answer answer, string? origin, TimeProvider time, CancellationToken cancel)
    {
        ImmutableArray<RegistryError> errors = [];
        try
        {
            errors = ErrorBody.Read(await answer.ReadAsync(ErrorBody.MostBytes, cancel).ConfigureAwait(false), answer.ContentType);
        }
        catch (IOException)
        {
            // The status is enough to say what happened.
        }
        exchange.Explain(Said(errors), RequestId(answer), origin);
        (string code, RegistryErrorKind kind, string mend) = Judge(exchange.Request, answer.Status, errors, origin);
        TimeSpan? wait = RetryAfter.Read(answer.Header("Retry-After"), time);
        if (kind == RegistryErrorKind.RateLimited && wait is { Ticks: > 0 } told) mend = $"It asks to wait {Words(told)}. {mend}";
        string what = $"Could not {exchange.Request.Purpose}: {answer.Url.Authority} answered {(int)answer.Status} ({Phrase(answer.Status)}).";
        return new RegistryException(code, kind, what, Why(errors, origin, answer), mend)
        {
            Host = exchange.Request.Endpoint.Host.Name,
            Request = exchange.Request.ToString(),
            Status = (int)answer.Status,
            Errors = errors,
            RequestId = RequestId(answer),
            CredentialOrigin = origin,
            RetryAfter = wait,
            Attempts = exchange.Attempts,
        };
    }

    /// <summary>Keeps with an answer that is no success, and yet is expected, what led to it.</summary>
    public static void Note(Exchange exchange, Answer answer, string? origin)
    {
        exchange.Explain("", RequestId(answer), origin);
        answer.Attempts = exchange.Attempts;
    }

    /// <summary>No endpoint has what was asked for.</summary>
    /// <param name="last">Who was asked last: the registry, or where it was moved.</param>
    /// <param name="name">The tag or digest.</param>
    /// <param name="attempts">Whoever was asked.</param>
    public static RegistryException Missing(RepositoryRequests last, string name, ImmutableArray<RegistryAttempt> attempts) =>
        new("IK2007", RegistryErrorKind.NotFound, $"{last.FullName} has no '{name}'.", "", "See that the tag or digest is spelt well, and that it was pushed.")
        {
            Host = last.Endpoint.Host.Name,
            Request = attempts.IsEmpty ? "" : attempts[^1].Request,
            Status = 404,
            RequestId = attempts.IsEmpty ? null : attempts[^1].RequestId,
            CredentialOrigin = attempts.IsEmpty ? null : attempts[^1].Login,
            Attempts = attempts,
        };

    /// <summary>An answer that breaks the protocol.</summary>
    public static RegistryException Bad(Exchange exchange, Answer answer, string why) => Bad(exchange.Request, answer, why, exchange.Attempts);

    /// <summary>A manifest of a kind that is not read here.</summary>
    public static RegistryException OfOtherType(RegistryRequest request, Answer answer)
    {
        bool first = answer.ContentType.StartsWith("application/vnd.docker.distribution.manifest.v1", StringComparison.Ordinal);
        return new("IK2018", RegistryErrorKind.BadAnswer, $"Could not {request.Purpose}: its type is not supported.",
            first ? "It is of Docker's schema 1, which tools and registries gave up in 2023." : $"It is a '{answer.ContentType}', neither an image manifest nor an index of OCI or Docker.",
            first ? "Push the image again with a newer tool." : "Read it with the tool that made it.")
        {
            Host = request.Endpoint.Host.Name,
            Request = request.ToString(),
            Status = (int)answer.Status,
            RequestId = RequestId(answer),
        };
    }

    /// <inheritdoc cref="Bad(Exchange, Answer, string)"/>
    public static RegistryException Bad(RegistryRequest request, Answer answer, string why, ImmutableArray<RegistryAttempt> attempts = default) =>
        new("IK2011", RegistryErrorKind.BadAnswer, $"Could not {request.Purpose}: {answer.Url.Authority} gave an answer that is not a registry's.", why,
            "See that the host is a registry and that no proxy or login page stands before it.")
        {
            Host = request.Endpoint.Host.Name,
            Request = request.ToString(),
            Status = (int)answer.Status,
            RequestId = RequestId(answer),
            Attempts = attempts.IsDefault ? [] : attempts,
        };

    private static (string Code, RegistryErrorKind Kind, string Mend) Judge(RegistryRequest request, HttpStatusCode status, ImmutableArray<RegistryError> errors, string? origin)
    {
        string host = request.Endpoint.Host.Name;
        bool anonymous = origin is null or Authorization.Anonymous;
        string login = anonymous ? $"If it is private, run 'imagekit login {host}' first; see also that the name is spelt well."
            : $"Run 'imagekit login {host}' again, or with an account that may do this.";
        return (int)status switch
        {
            401 => ("IK2004", RegistryErrorKind.Denied, login),
            403 => ("IK2005", RegistryErrorKind.Denied, login),
            404 when Has(errors, "NAME_UNKNOWN") => ("IK2006", RegistryErrorKind.NotFound, "See that the repository's name is spelt well."),
            404 => ("IK2007", RegistryErrorKind.NotFound, "See that the tag or digest is spelt well, and that it was pushed."),
            408 => ("IK2008", RegistryErrorKind.TimedOut, "Try again later."),
            429 => ("IK2009", RegistryErrorKind.RateLimited, anonymous ? $"Wait, or run 'imagekit login {host}': logged in, the limit is higher." : "Wait, then try again."),
            >= 500 => ("IK2010", RegistryErrorKind.ServerFailed, "Try again later; if it stays, ask the operators of the registry."),
            >= 400 => ("IK2013", RegistryErrorKind.Refused, "The registry does not take this; ask its operators what it supports."),
            _ => ("IK2011", RegistryErrorKind.BadAnswer, "See that the host is a registry and that no proxy or login page stands before it."),
        };
    }

    private static string Words(TimeSpan wait) =>
        wait.TotalSeconds <= 120 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalSeconds):0} seconds") : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalMinutes):0} minutes");

    private static bool Has(ImmutableArray<RegistryError> errors, string code) => errors.Any(error => error.Code == code);

    private static string Why(ImmutableArray<RegistryError> errors, string? origin, Answer answer)
    {
        List<string> parts = [];
        if (errors.Length > 0) parts.Add($"It said: {Said(errors)}.");
        if (origin is not null) parts.Add(origin == Authorization.Anonymous ? "No login was found for it." : $"The login came from {origin}.");
        if (RequestId(answer) is { } id) parts.Add($"Request id: {id}.");
        return string.Join(' ', parts);
    }

    private static string Said(ImmutableArray<RegistryError> errors) => string.Join("; ", from error in errors
                                                                                          select $"{error.Code}{(error.Code.Length > 0 && error.Message.Length > 0 ? ": " : "")}{error.Message}");

    private static string? RequestId(Answer answer) => IdHeaders.Select(answer.Header).FirstOrDefault(id => !string.IsNullOrWhiteSpace(id));

    private static string Phrase(HttpStatusCode status) => Enum.IsDefined(status) ? status.ToString() : "unknown status";
}

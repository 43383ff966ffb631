using System.Collections.Immutable;

namespace ImageKit;

/// <summary>A registry could not be reached, refused, or answered what it must not (IK20xx).</summary>
public sealed class RegistryException : ImageKitException
{
    /// <summary>Says what failed, why, and how to mend it.</summary>
    /// <param name="code">`IK20` and two digits, listed in `docs/errors.md`.</param>
    /// <param name="kind">The class of the failure.</param>
    /// <param name="what">What could not be done, a whole sentence.</param>
    /// <param name="why">What is known of the reason; may be empty.</param>
    /// <param name="mend">What the user can do about it.</param>
    /// <param name="inner">The exception below, if any.</param>
    public RegistryException(string code, RegistryErrorKind kind, string what, string why = "", string mend = "", Exception? inner = null)
        : base(code, what, why, mend, inner) => Kind = kind;

    /// <summary>The class of the failure.</summary>
    public RegistryErrorKind Kind { get; }

    /// <summary>The registry as users name it, such as `docker.io` or `localhost:5000`; empty if none was involved.</summary>
    public string Host { get; init; } = "";

    /// <summary>The last request, method and URL without query; empty if none was sent.</summary>
    public string Request { get; init; } = "";

    /// <summary>The HTTP status of the last answer, or null if none came.</summary>
    public int? Status { get; init; }

    /// <summary>The registry's own errors, in its order.</summary>
    public ImmutableArray<RegistryError> Errors { get; init; } = [];

    /// <summary>The registry's id of the request, for its operators; null if it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where the login that was used came from, such as a file and its entry, or `anonymous`; null if none was asked for.</summary>
    public string? CredentialOrigin { get; init; }

    /// <summary>How long the registry asked to wait, if it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Every request of this operation that failed, in order.</summary>
    public ImmutableArray<RegistryAttempt> Attempts { get; init; } = [];

    /// <summary>The same error, which tells of the requests to other endpoints that failed before.</summary>
    internal RegistryException After(IEnumerable<RegistryAttempt> earlier) => new(Code, Kind, What, Why, Mend, this)
    {
        Host = Host,
        Request = Request,
        Status = Status,
        Errors = Errors,
        RequestId = RequestId,
        CredentialOrigin = CredentialOrigin,
        RetryAfter = RetryAfter,
        Attempts = [.. earlier, .. Attempts],
    };
}

namespace ImageKit;

/// <summary>What class of failure a <see cref="RegistryException"/> is; callers choose exit codes and retries by it.</summary>
public enum RegistryErrorKind
{
    /// <summary>The registry cannot be reached: name resolution, connection, TLS, or it broke off again and again.</summary>
    Network,

    /// <summary>The registry, or a server it sent us to, did not answer in time.</summary>
    TimedOut,

    /// <summary>The registry wants a login, refused it, or the login may not do this.</summary>
    Denied,

    /// <summary>The repository, tag or manifest is not there.</summary>
    NotFound,

    /// <summary>Too many requests; the registry wants us to wait longer than we may.</summary>
    RateLimited,

    /// <summary>The registry failed on its own (5xx).</summary>
    ServerFailed,

    /// <summary>The registry understood and refused the request: not supported, invalid, too large.</summary>
    Refused,

    /// <summary>What answered does not speak the distribution protocol, or breaks it.</summary>
    BadAnswer,

    /// <summary>The registry pointed to a URL that must not be followed.</summary>
    UnsafeUrl,
}

namespace ImageKit.Registry;

/// <summary>The connections under a <see cref="RegistryClient"/>.</summary>
public static class RegistryHttp
{
    /// <summary>
    /// Makes the handler that a client uses unless told otherwise: no decompression (digests are of the bytes as sent), no redirects
    /// (the client follows them itself, without carrying logins along), pooled connections, the proxies of the options, and for each host
    /// the certificates that its configuration names, beside the system's.
    /// </summary>
    public static HttpMessageHandler CreateHandler(RegistryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RegistryHandler(options);
    }
}

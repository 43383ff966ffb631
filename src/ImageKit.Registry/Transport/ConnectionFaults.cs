using System.Net.Sockets;
using System.Security.Authentication;

namespace ImageKit.Registry;

/// <summary>Words for requests that got no answer.</summary>
internal static class ConnectionFaults
{
    /// <summary>Turns what the connection threw into our error, and notes the attempt.</summary>
    public static RegistryException Read(Exchange exchange, Uri url, Exception error)
    {
        RegistryException result = error switch
        {
            { InnerException: RegistryException refused } => refused, // our own doubts about an address
            OperationCanceledException => Of("IK2008", RegistryErrorKind.TimedOut, exchange, url, "No answer came in time.",
                "Try again later, or see whether a proxy or firewall holds the connection.", error),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Of("IK2001", RegistryErrorKind.Network, exchange, url,
                $"The name '{url.Host}' is not known.", "See that the registry's name is spelt well and that the network is up.", error),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Tls(exchange, url, error),
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => Of("IK2002", RegistryErrorKind.Network, exchange, url,
                $"The proxy refused to connect: {Innermost(error)}", "See HTTPS_PROXY and NO_PROXY.", error),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse } => Of("IK2011", RegistryErrorKind.BadAnswer,
                exchange, url, $"The answer is no HTTP that can be read: {Innermost(error)}", "See that the host and port are a registry's.", error),
            _ => Of("IK2002", RegistryErrorKind.Network, exchange, url, Reason(error),
                "See that the registry runs and that the port is right.", error),
        };
        exchange.End(null, result.Why);
        return result;
    }

    /// <summary>Whether the host may be one that speaks no TLS: anything but a certificate that is not trusted.</summary>
    public static bool MayMeanNoTls(RegistryException error) => error.Kind is RegistryErrorKind.Network or RegistryErrorKind.TimedOut && !IsCertificate(error.InnerException);

    /// <summary>Whether the next attempt would fail alike: a certificate or a name does not mend itself.</summary>
    public static bool IsLasting(RegistryException error) => error.Code == "IK2003" ||
        error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError, InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } ||
        error.InnerException is HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } };

    private static RegistryException Tls(Exchange exchange, Uri url, Exception error) => Of("IK2003", RegistryErrorKind.Network, exchange, url,
        $"TLS failed: {Innermost(error)}",
        IsCertificate(error)
            ? $"Put the certificate of the registry's authority into ~/.config/containers/certs.d/{exchange.Request.Endpoint.Host.Name}/ca.crt (or below /etc/containers or /etc/docker), or name it with SSL_CERT_FILE. If you trust the network, write 'insecure = true' for the host in imagekit.toml or registries.conf."
            : "See that the port speaks TLS; if it does not, write 'insecure = true' for the host in imagekit.toml or registries.conf.", error);

    private static RegistryException Of(string code, RegistryErrorKind kind, Exchange exchange, Uri url, string why, string mend, Exception error) =>
        new(code, kind, $"Could not {exchange.Request.Purpose}: {url.Authority} cannot be reached.", why, mend, error)
        {
            Host = exchange.Request.Endpoint.Host.Name,
            Request = exchange.Request.ToString(),
            Attempts = exchange.Attempts,
        };

    // The runtime gives bad certificates no type of their own; its messages are never translated.
    private static bool IsCertificate(Exception? error) =>
        error is not null && ((error is AuthenticationException && error.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)) || IsCertificate(error.InnerException));

    private static string Reason(Exception error) => Find<SocketException>(error) switch
    {
        { SocketErrorCode: SocketError.ConnectionRefused } => "The connection was refused.",
        { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "There is no route to the host.",
        { } socket => $"The connection broke: {socket.Message}.",
        null => $"The connection broke: {Innermost(error)}",
    };

    private static string Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error.Message;

    private static T? Find<T>(Exception? error)
        where T : Exception => error is null or T ? (T?)error : Find<T>(error.InnerException);
}

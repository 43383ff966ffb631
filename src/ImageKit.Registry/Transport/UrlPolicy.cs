using System.Net;
using System.Net.Sockets;

namespace ImageKit.Registry;

/// <summary>Which URLs that a server names may be followed: redirects, upload locations, further pages, token servers.</summary>
internal static class UrlPolicy
{
    /// <summary>Reads a URL, absolute or relative to the one that named it, and refuses it unless it is safe.</summary>
    /// <param name="from">The URL of the request whose answer named it.</param>
    /// <param name="target">The text of the header.</param>
    /// <param name="endpoint">The registry that the operation is about.</param>
    /// <exception cref="RegistryException">The URL must not be followed (IK2012).</exception>
    public static Uri Resolve(Uri from, string target, RegistryEndpoint endpoint)
    {
        if (!Uri.TryCreate(from, target, out Uri? url)) throw Refused(endpoint, target, "It is no URL.");
        if (url.Scheme is not ("http" or "https")) throw Refused(endpoint, target, $"Its scheme '{url.Scheme}' is not HTTP.");
        if (url.UserInfo.Length > 0) throw Refused(endpoint, target, "It holds a user name.");
        // A registry behind a proxy that ends TLS often names itself without: it is meant, and TLS stays.
        if (from.Scheme == "https" && url.Scheme == "http" && url.IdnHost == from.IdnHost) url = Upgrade(url, from);
        if (url.Scheme == "http" && from.Scheme == "https") throw Refused(endpoint, target, "It leads from TLS to plain HTTP.");
        if (IsPrivate(url) && !MayLeadInside(from, url, endpoint)) throw Refused(endpoint, target, "It leads into a private network, and the registry is not in one.");
        return url;
    }

    /// <summary>A URL without its query, user and fragment: those may hold secrets.</summary>
    public static string ForMessages(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Whether a host is an address of this machine, of a private or link-local network, or of none.</summary>
    public static bool IsPrivate(Uri url)
    {
        if (url.IdnHost.TrimEnd('.') is "localhost" || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)) return true;
        return IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out IPAddress? address) && IsPrivate(address);
    }

    /// <summary>Whether an address is of this machine, of a private or link-local network, or none.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal || address.Equals(IPAddress.IPv6Any)
            : IsPrivate(address.GetAddressBytes());
    }

    private static bool IsPrivate(byte[] a) =>
        a[0] is 0 or 10 or 127 || (a[0] == 100 && (a[1] & 0xC0) == 64) || (a[0] == 169 && a[1] == 254) || (a[0] == 172 && (a[1] & 0xF0) == 16) || (a[0] == 192 && a[1] == 168);

    // From inside to the same host, or on one machine: the metadata address of a cloud is neither.
    private static bool MayLeadInside(Uri from, Uri url, RegistryEndpoint endpoint) =>
        url.IdnHost == from.IdnHost || url.IdnHost == endpoint.Root.IdnHost || (endpoint.Host.IsLoopback && RegistryHost.IsLoopbackName(url.IdnHost));

    private static Uri Upgrade(Uri url, Uri from) =>
        new UriBuilder(url) { Scheme = "https", Port = url.IsDefaultPort ? from.Port : url.Port }.Uri;

    private static RegistryException Refused(RegistryEndpoint endpoint, string target, string why) =>
        new("IK2012", RegistryErrorKind.UnsafeUrl, $"{endpoint.Host} pointed to a URL that is not followed: {WithoutQuery(target)}.", why,
            "Ask the operators of the registry; its address is set up wrongly, or somebody tampers with the connection.")
        { Host = endpoint.Host.Name };

    private static string WithoutQuery(string target) => target.Split('?', '#')[0] is var text && text.Contains('@', StringComparison.Ordinal) ? "(hidden)" : text[..Math.Min(text.Length, 300)];
}

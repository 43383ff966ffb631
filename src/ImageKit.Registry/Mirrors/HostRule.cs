namespace ImageKit.Registry;

/// <summary>How a host is secured, wherever it turns up.</summary>
/// <param name="Host">`host`, for every port, `host:port`, or a range of addresses such as `10.0.0.0/8`.</param>
/// <param name="Tls">How.</param>
/// <param name="Place">Where it was written.</param>
public sealed record HostRule(string Host, EndpointTls Tls, ConfigurationPlace Place)
{
    /// <summary>Whether the rule is for this host. A range matches addresses that are written as such; names are not looked up.</summary>
    /// <param name="host">`host` or `host:port`.</param>
    public bool Matches(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (Host.Equals(host, StringComparison.OrdinalIgnoreCase)) return true;
        string name = NameOf(host);
        if (Host.Equals(name, StringComparison.OrdinalIgnoreCase) || Host.Equals(name.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)) return true;
        return NetworkRange.TryParse(Host, out NetworkRange range)
            && System.Net.IPAddress.TryParse(name.Trim('[', ']'), out System.Net.IPAddress? address) && range.Contains(address);
    }

    private static string NameOf(string host)
    {
        int port = host.LastIndexOf(':');
        return port > 0 && !host.EndsWith(']') && host.AsSpan(port + 1).IndexOfAnyExceptInRange('0', '9') < 0 && (host.IndexOf(':', StringComparison.Ordinal) == port || host[port - 1] == ']')
            ? host[..port] : host;
    }
}

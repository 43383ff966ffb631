using System.Globalization;
using System.Net;

namespace ImageKit.Server;

/// <summary>Where to listen.</summary>
internal readonly record struct ListenAddress(IPAddress Address, int Port)
{
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <exception cref="ImageKitException">The text is no address (IK2070).</exception>
    public static ListenAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 || text.EndsWith(']') ? "localhost" : text[..colon].Trim('[', ']');
        bool good = int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535;
        IPAddress? address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "" or "*" => IPAddress.IPv6Any,
            _ => IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null,
        };
        if (good && address is not null) return new(address, port);
        throw new ImageKitException("IK2070", $"'{text}' is no address to listen on.", "", "Write an IP address and a port, such as 127.0.0.1:5000 or 0.0.0.0:5000; ':5000' means all addresses.");
    }
}

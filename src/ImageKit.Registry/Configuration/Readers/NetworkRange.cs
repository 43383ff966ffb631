using System.Globalization;
using System.Net;

namespace ImageKit.Registry;

/// <summary>A range of addresses such as `10.0.0.0/8`. Bits behind the mask are allowed, as docker and Go allow them.</summary>
internal readonly record struct NetworkRange(IPNetwork Network)
{
    public static bool TryParse(string text, out NetworkRange range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || text.StartsWith('[') || !IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? address)) return false;
        if (!byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out byte bits)) return false;
        byte[] bytes = address.GetAddressBytes();
        if (bits > bytes.Length * 8) return false;
        for (int bit = bits; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        range = new(new IPNetwork(new IPAddress(bytes), bits));
        return true;
    }

    public bool Contains(IPAddress address) => Network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}

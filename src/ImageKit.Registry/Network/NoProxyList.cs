using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace ImageKit.Registry;

/// <summary>`NO_PROXY`: which hosts are asked directly. This machine always is.</summary>
/// <remarks>
/// `*` is every host; `10.0.0.0/8` a range of addresses; `example.com` the host and all below it; `.example.com` and `*.example.com` those below
/// it alone; each with `:port`, but for ranges, for that port alone. Names are not looked up.
/// </remarks>
/// <seealso href="https://pkg.go.dev/golang.org/x/net/http/httpproxy"/>
internal sealed class NoProxyList
{
    private readonly ImmutableArray<NetworkRange> _ranges;
    private readonly ImmutableArray<Entry> _entries;
    private readonly bool _everything;

    private NoProxyList(ImmutableArray<NetworkRange> ranges, ImmutableArray<Entry> entries, bool everything) => (_ranges, _entries, _everything) = (ranges, entries, everything);

    public static NoProxyList Parse(string text)
    {
        var ranges = ImmutableArray.CreateBuilder<NetworkRange>();
        var entries = ImmutableArray.CreateBuilder<Entry>();
        bool everything = false;
        foreach (string word in text.Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string part = word.ToLowerInvariant();
            if (part == "*") everything = true;
            else if (NetworkRange.TryParse(part, out NetworkRange range)) ranges.Add(range);
            else if (Entry.Parse(part) is { } entry) entries.Add(entry);
        }
        return new(ranges.ToImmutable(), entries.ToImmutable(), everything);
    }

    public bool Covers(string host, int port)
    {
        string name = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        bool isAddress = IPAddress.TryParse(name, out IPAddress? address);
        if (_everything || name == "localhost" || (isAddress && IPAddress.IsLoopback(address!))) return true;
        return (isAddress && _ranges.Any(range => range.Contains(address!))) || _entries.Any(entry => entry.Covers(name, address, port));
    }

    private sealed record Entry(string Name, IPAddress? Address, int Port, bool BelowAlone)
    {
        public static Entry? Parse(string text)
        {
            (string name, int port) = Split(text);
            if (name.Length == 0) return null;
            if (IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address)) return new("", address, port, false);
            if (name.StartsWith("*.", StringComparison.Ordinal)) name = name[1..];
            bool below = name.StartsWith('.');
            return new(name.Trim('.'), null, port, below);
        }

        public bool Covers(string name, IPAddress? address, int port)
        {
            if (Port != 0 && Port != port) return false;
            if (Address is not null) return Address.Equals(address);
            return name.EndsWith("." + Name, StringComparison.Ordinal) || (!BelowAlone && name == Name);
        }

        // An address of version 6 has colons of its own: a port stands behind brackets.
        private static (string Name, int Port) Split(string text)
        {
            int colon = text.LastIndexOf(':');
            bool single = colon >= 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || (colon > 0 && text[colon - 1] == ']'));
            return single && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? (text[..colon], port) : (text, 0);
        }
    }
}

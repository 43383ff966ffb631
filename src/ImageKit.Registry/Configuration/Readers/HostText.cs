using System.Globalization;
using System.Net;

namespace ImageKit.Registry;

/// <summary>Hosts and ranges of addresses as files name them.</summary>
internal static class HostText
{
    /// <summary>Why a text is neither a host, with a port or without, nor a range of addresses; null if it is one.</summary>
    public static string? Fault(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal)) return "it has a scheme";
        if (text.StartsWith('-') || text.EndsWith('-')) return "it begins or ends with a hyphen";
        if (NetworkRange.TryParse(text, out _) || IPAddress.TryParse(text, out _)) return null;
        if (text.Contains('/', StringComparison.Ordinal)) return "it has a path";
        int port = text.LastIndexOf(':');
        string name = port < 0 || text.EndsWith(']') ? text : text[..port];
        if (name.Length < text.Length && !(ushort.TryParse(text.AsSpan(port + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0)) return $"its port '{text[(port + 1)..]}' is none";
        if (name.StartsWith('[') && name.EndsWith(']') && IPAddress.TryParse(name.AsSpan(1, name.Length - 2), out _)) return null;
        bool good = name.Length > 0 && name.Split('.').All(IsLabel);
        return good ? null : $"its host '{name}' is none";
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && !label.StartsWith('-') && !label.EndsWith('-') && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}

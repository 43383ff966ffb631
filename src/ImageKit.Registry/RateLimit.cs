using System.Globalization;

namespace ImageKit.Registry;

/// <summary>How many pulls a registry allows, as it told last.</summary>
/// <param name="Limit">Pulls in a window.</param>
/// <param name="Remaining">Pulls that are left.</param>
/// <param name="Window">How long a window is, or null if the registry does not say.</param>
/// <param name="Source">Whom the registry counts: an address or an account; null if it does not say.</param>
public sealed record RateLimit(int Limit, int Remaining, TimeSpan? Window, string? Source)
{
    /// <summary>Reads `RateLimit-Limit: 100;w=21600` and its kin; null if there is nothing to be read.</summary>
    internal static RateLimit? Read(string? limit, string? remaining, string? source)
    {
        if (Number(limit) is not { } most || Number(remaining) is not { } left) return null;
        int window = limit!.IndexOf("w=", StringComparison.OrdinalIgnoreCase);
        string seconds = window < 0 ? "" : new([.. limit[(window + 2)..].TakeWhile(char.IsAsciiDigit)]);
        bool said = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out int length);
        return new(most, left, said ? TimeSpan.FromSeconds(length) : null, string.IsNullOrWhiteSpace(source) ? null : source.Trim());
    }

    private static int? Number(string? header) =>
        int.TryParse((header ?? "").Split(';', ',')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

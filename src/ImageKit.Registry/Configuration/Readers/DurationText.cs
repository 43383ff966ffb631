using System.Globalization;

namespace ImageKit.Registry;

/// <summary>Durations as Go writes them: `1h30m`, `3s`, `1.5s`, `500ms`.</summary>
internal static class DurationText
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> rest = text;
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+")) rest = rest[1..];
        if (rest.IsEmpty) return false;
        if (rest is "0") return true;
        double seconds = 0;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOfAnyExcept("0123456789.");
            if (end <= 0 || !double.TryParse(rest[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return false;
            rest = rest[end..];
            int unitEnd = rest.IndexOfAny("0123456789.");
            ReadOnlySpan<char> unit = unitEnd < 0 ? rest : rest[..unitEnd];
            if (UnitSeconds(unit) is not { } factor) return false;
            seconds += number * factor;
            rest = rest[unit.Length..];
        }
        if (seconds > TimeSpan.MaxValue.TotalSeconds / 2) return false;
        duration = TimeSpan.FromSeconds(negative ? -seconds : seconds);
        return true;
    }

    private static double? UnitSeconds(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" or "μs" => 1e-6,
        "ns" => 1e-9,
        _ => null,
    };
}

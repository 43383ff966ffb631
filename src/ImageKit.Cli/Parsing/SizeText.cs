using System.Globalization;

namespace ImageKit.Cli.Parsing;

/// <summary>Reads sizes and ages of options: `500MB`, `2GiB`, `24h`, `7d`.</summary>
internal static class SizeText
{
    public static long Bytes(string text)
    {
        string trimmed = text.Trim().ToUpperInvariant().TrimEnd('B');
        bool binary = trimmed.EndsWith('I');
        if (binary) trimmed = trimmed[..^1];
        int power = trimmed.Length == 0 ? 0 : "KMGT".IndexOf(trimmed[^1]) + 1;
        string digits = power > 0 ? trimmed[..^1] : trimmed;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? (long)(value * Math.Pow(binary ? 1024 : 1000, power))
            : throw new UsageException($"'{text}' is no size.", "Write a number and a unit, such as 500MB or 2GiB.");
    }

    public static TimeSpan Age(string text)
    {
        string trimmed = text.Trim();
        double seconds = trimmed.Length == 0 ? 0 : trimmed[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        return seconds > 0 && double.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? TimeSpan.FromSeconds(value * seconds)
            : throw new UsageException($"'{text}' is no time.", "Write a number and a unit, such as 30m, 24h or 7d.");
    }
}

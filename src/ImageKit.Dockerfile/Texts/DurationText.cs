using System.Globalization;
using System.Numerics;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A duration as Go reads and prints it: <c>1m30s</c>, <c>0s</c>. <c>default</c> is zero.</summary>
/// <param name="Nanoseconds">The duration in nanoseconds.</param>
public readonly record struct DurationText(long Nanoseconds)
{
    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    /// <summary>Reads a duration: a sign, then numbers with a unit (<c>ns us ms s m h</c>), or <c>0</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration; zero if the text is none.</param>
    /// <returns>Whether the text is a duration of less than 2^63 nanoseconds.</returns>
    public static bool TryParse(string text, out DurationText duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        ReadOnlySpan<char> rest = text;
        bool negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..]) rest = rest[1..];
        if (rest is "0") return true;
        if (rest.IsEmpty) return false;
        BigInteger total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakePart(ref rest, out BigInteger part)) return false;
            total += part;
        }

        if (total > long.MaxValue) return false;
        duration = new((long)(negative ? -total : total));
        return true;
    }

    /// <summary>Prints the duration as Go does: the largest units first, fractions of a second with as few digits as needed.</summary>
    public override string ToString()
    {
        if (Nanoseconds == 0) return "0s";
        ulong left = Nanoseconds < 0 ? 0UL - (ulong)Nanoseconds : (ulong)Nanoseconds;
        string sign = Nanoseconds < 0 ? "-" : "";
        if (left < 1_000) return $"{sign}{left}ns";
        if (left < 1_000_000) return sign + Decimal(left, 1_000) + "µs";
        if (left < 1_000_000_000) return sign + Decimal(left, 1_000_000) + "ms";
        StringBuilder text = new(sign);
        ulong minutes = left / 60_000_000_000;
        if (minutes >= 60) text.Append(CultureInfo.InvariantCulture, $"{minutes / 60}h");
        if (minutes > 0) text.Append(CultureInfo.InvariantCulture, $"{minutes % 60}m");
        return text.Append(Decimal(left % 60_000_000_000, 1_000_000_000)).Append('s').ToString();
    }

    private static string Decimal(ulong value, ulong unit)
    {
        string whole = (value / unit).ToString(CultureInfo.InvariantCulture);
        if (value % unit == 0) return whole;
        int digits = unit.ToString(CultureInfo.InvariantCulture).Length - 1;
        return $"{whole}.{(value % unit).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0')}";
    }

    private static bool TryTakePart(scoped ref ReadOnlySpan<char> rest, out BigInteger nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<char> whole = TakeDigits(ref rest);
        ReadOnlySpan<char> fraction = default;
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
        }

        // 40 digits are more than any duration holds; the limit keeps hostile numbers cheap.
        if (whole.IsEmpty && fraction.IsEmpty || whole.Length > 40) return false;
        int end = rest.IndexOfAny("0123456789.");
        ReadOnlySpan<char> unit = end < 0 ? rest : rest[..end];
        foreach ((string name, long size) in Units)
        {
            if (!unit.SequenceEqual(name)) continue;
            rest = rest[unit.Length..];
            if (!whole.IsEmpty) nanoseconds = BigInteger.Parse(whole, CultureInfo.InvariantCulture) * size;
            nanoseconds += Fraction(fraction, size);
            return true;
        }

        return false;
    }

    // Go computes the fraction with a double, of as many digits as a long holds; so do we, down to the last nanosecond.
    private static long Fraction(ReadOnlySpan<char> digits, long unit)
    {
        long value = 0;
        double scale = 1;
        foreach (char digit in digits)
        {
            if (value > long.MaxValue / 10 || (value * 10) + (digit - '0') < 0) break;
            value = (value * 10) + (digit - '0');
            scale *= 10;
        }

        return (long)(value * (unit / scale));
    }

    private static ReadOnlySpan<char> TakeDigits(scoped ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        return digits;
    }
}

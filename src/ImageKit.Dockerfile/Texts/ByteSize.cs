using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>Sizes of memory as Docker writes them: <c>64m</c>, <c>1.5GiB</c>; all units are powers of 1024.</summary>
internal static class ByteSize
{
    private const string Units = "kmgtp";

    /// <summary>Reads a size.</summary>
    /// <returns>Bytes; null if the text is none, or negative, or more than a long holds.</returns>
    public static long? Parse(string text)
    {
        int digits = text.AsSpan().IndexOfAnyExcept("0123456789.");
        if (digits < 0) digits = text.Length;
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return null;
        string unit = text[digits..].Trim().ToLowerInvariant();
        double factor = 1;
        if (unit.Length > 0 && Units.IndexOf(unit[0]) is >= 0 and var power)
        {
            factor = Math.Pow(1024, power + 1);
            unit = unit[1..];
            if (unit is "i") return null;
        }

        if (unit is not ("" or "b" or "ib") || (factor == 1 && unit == "ib")) return null;
        double bytes = number * factor;
        return bytes < long.MaxValue ? (long)bytes : null;
    }
}

using System.Buffers.Binary;
using System.Globalization;

namespace ImageKit.Oci;

/// <summary>Numbers of headers (octal text, or base 256 if the first bit is set) and of PAX records (decimal text).</summary>
internal static class TarNumber
{
    /// <summary>Reads a header's number; an empty field is 0.</summary>
    /// <returns>False if the field is no number or one over 63 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> field, out long value)
    {
        if ((field[0] & 0x80) != 0) return TryReadBinary(field, out value);
        value = 0;
        field = field.Trim(" \0"u8);
        foreach (byte digit in field)
        {
            if (digit is (byte)' ' or 0) return true; // what follows the end is filler
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3) return false;
            value = (value << 3) | (uint)(digit - '0');
        }
        return true;
    }

    /// <summary>Writes octal digits and a zero byte; false if the number is negative or needs more digits than fit.</summary>
    public static bool TryWriteOctal(long value, Span<byte> field)
    {
        int digits = field.Length - 1;
        if (value < 0 || (digits < 21 && value >> (3 * digits) != 0)) return false;
        for (int i = digits - 1; i >= 0; i--, value >>= 3) field[i] = (byte)('0' + (value & 7));
        field[digits] = 0;
        return true;
    }

    /// <summary>Reads seconds with an optional fraction; digits below the nanosecond are cut off.</summary>
    public static bool TryReadTime(string text, out long seconds, out int nanoseconds)
    {
        nanoseconds = 0;
        int dot = text.IndexOf('.');
        if (!long.TryParse(dot < 0 ? text : text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds)) return false;
        if (dot < 0) return true;
        ReadOnlySpan<char> fraction = text.AsSpan(dot + 1);
        if (fraction.ContainsAnyExceptInRange('0', '9')) return false;
        for (int i = 0; i < 9; i++) nanoseconds = nanoseconds * 10 + (i < fraction.Length ? fraction[i] - '0' : 0);
        if (text[0] != '-' || nanoseconds == 0) return true;
        (seconds, nanoseconds) = (seconds - 1, 1_000_000_000 - nanoseconds); // -1.25 is 0.75 after -2
        return true;
    }

    /// <summary>The text of a time for a PAX record.</summary>
    public static string TimeText(long seconds, int nanoseconds)
    {
        if (nanoseconds == 0) return seconds.ToString(CultureInfo.InvariantCulture);
        bool negative = seconds < 0;
        if (negative) (seconds, nanoseconds) = (-(seconds + 1), 1_000_000_000 - nanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : "")}{seconds}.{nanoseconds:D9}").TrimEnd('0');
    }

    // Two's complement, most significant byte first; the first bit only marks the form, the second is the sign.
    private static bool TryReadBinary(ReadOnlySpan<byte> field, out long value)
    {
        bool negative = (field[0] & 0x40) != 0;
        Span<byte> wide = stackalloc byte[16];
        wide.Fill(negative ? (byte)0xFF : (byte)0);
        field.CopyTo(wide[(16 - field.Length)..]);
        wide[16 - field.Length] = negative ? field[0] : (byte)(field[0] & 0x7F);
        Int128 whole = BinaryPrimitives.ReadInt128BigEndian(wide);
        value = (long)whole;
        return value == whole;
    }
}

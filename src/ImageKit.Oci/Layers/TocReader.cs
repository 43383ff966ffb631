using System.Text;

namespace ImageKit.Oci;

/// <summary>Reads what <see cref="TocWriter"/> wrote; <see cref="InvalidDataException"/> where it ends too early.</summary>
internal ref struct TocReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException();
    }

    public long Signed()
    {
        ulong value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number of things that take at least a byte each: never more than bytes are left.</summary>
    public int Count()
    {
        ulong count = Number();
        return count <= (ulong)_left.Length ? (int)count : throw new InvalidDataException();
    }

    public string Text() => TarText.Decode(Bytes());

    /// <summary>A text that begins with <paramref name="prefix"/>, which is not stored.</summary>
    public string Text(ReadOnlySpan<char> prefix)
    {
        ReadOnlySpan<byte> rest = Bytes();
        if (rest.Length > 256 || prefix.Length > 768 || !Ascii.IsValid(rest)) return string.Concat(prefix, TarText.Decode(rest));
        Span<char> text = stackalloc char[1024]; // nearly all: one allocation, the string itself
        prefix.CopyTo(text);
        Ascii.ToUtf16(rest, text[prefix.Length..], out int length);
        return new(text[..(prefix.Length + length)]);
    }

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public Hash256 Hash() => new(Take(Hash256.Length));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_left.Length < count) throw new InvalidDataException();
        ReadOnlySpan<byte> taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace ImageKit.Oci;

/// <summary>Collects the PAX records of one entry, sorted by name.</summary>
internal sealed class PaxEncoder
{
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    public bool IsEmpty => _records.Count == 0;

    public void Add(string name, ReadOnlySpan<byte> value) => _records[name] = value.ToArray();

    public void Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value));

    /// <summary>Forgets all, for the next entry.</summary>
    public void Clear() => _records.Clear();

    public void WriteTo(IBufferWriter<byte> output)
    {
        foreach ((string name, byte[] value) in _records)
        {
            byte[] nameBytes = TarText.Encode(name);
            int rest = nameBytes.Length + value.Length + 3; // space, '=', newline
            output.Write(Encoding.ASCII.GetBytes(Length(rest).ToString(CultureInfo.InvariantCulture)));
            output.Write(" "u8);
            output.Write(nameBytes);
            output.Write("="u8);
            output.Write(value);
            output.Write("\n"u8);
        }
    }

    // The length counts its own digits.
    private static int Length(int rest)
    {
        int length = rest + 1;
        while (length != rest + Digits(length)) length = rest + Digits(length);
        return length;
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}

using System.Collections.Immutable;
using System.Globalization;

namespace ImageKit.Oci;

/// <summary>What PAX headers say before an entry. Local records stand before global ones; an empty value takes a record back.</summary>
/// <seealso href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03"/>
internal sealed class PaxRecords(PaxRecords? global = null)
{
    private const string Schily = "SCHILY.xattr.", LibArchive = "LIBARCHIVE.xattr.";

    private readonly Dictionary<string, byte[]> _records = new(StringComparer.Ordinal);
    private readonly List<(string Name, byte[] Value)> _sparse = []; // GNU 0.0 repeats these two

    /// <summary>Offsets and lengths of the oldest sparse form, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Value)> SparseRecords => _sparse;

    /// <summary>Bytes of all values, to limit what global headers can pile up.</summary>
    public long Weight => _records.Sum(record => record.Key.Length + (long)record.Value.Length);

    /// <summary>Takes over the records of one header: each is its length, a space, the name, '=', the value and a newline.</summary>
    public void Add(ReadOnlySpan<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes[0] == 0) return; // some writers fill up with zeros
            int space = bytes.IndexOf((byte)' ');
            if (space is <= 0 or > 10 || !int.TryParse(bytes[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length <= space + 2 || length > bytes.Length || bytes[length - 1] != '\n')
                throw TarFaults.Broken(offset, "A PAX record has a wrong length.");
            ReadOnlySpan<byte> record = bytes[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0) throw TarFaults.Broken(offset, "A PAX record has no name or no value.");
            Put(TarText.Decode(record[..equals]), record[(equals + 1)..].ToArray());
            bytes = bytes[length..];
        }
    }

    public byte[]? Bytes(string name) => _records.TryGetValue(name, out byte[]? value) ? value.Length == 0 ? null : value : global?.Bytes(name);

    public string? Text(string name) => Bytes(name) is { } value ? TarText.Decode(value) : null;

    /// <summary>A local record's text; for those that would be nonsense for all entries.</summary>
    public string? LocalText(string name) => _records.TryGetValue(name, out byte[]? value) && value.Length > 0 ? TarText.Decode(value) : null;

    public long? Number(string name, long offset) => ParseNumber(name, Text(name), offset);

    public long? LocalNumber(string name, long offset) => ParseNumber(name, LocalText(name), offset);

    /// <summary>Extended attributes, sorted; star's form wins over libarchive's, which is base 64.</summary>
    public ImmutableArray<Xattr> Xattrs(long offset)
    {
        SortedDictionary<string, byte[]>? found = null;
        Collect(ref found, offset, this);
        if (found is null) return [];
        return [.. found.Select(pair => new Xattr(pair.Key, [.. pair.Value]))];
    }

    private static void Collect(ref SortedDictionary<string, byte[]>? found, long offset, PaxRecords records)
    {
        if (records.Global is { } global) Collect(ref found, offset, global);
        foreach ((string name, byte[] value) in records._records)
        {
            if (name.StartsWith(LibArchive, StringComparison.Ordinal))
                (found ??= new(StringComparer.Ordinal)).TryAdd(Uri.UnescapeDataString(name[LibArchive.Length..]), FromBase64(value, offset));
        }
        foreach ((string name, byte[] value) in records._records)
            if (name.StartsWith(Schily, StringComparison.Ordinal)) (found ??= new(StringComparer.Ordinal))[name[Schily.Length..]] = value;
    }

    private PaxRecords? Global => global;

    private void Put(string name, byte[] value)
    {
        if (name is "GNU.sparse.offset" or "GNU.sparse.numbytes") _sparse.Add((name, value));
        else _records[name] = value;
    }

    private static long? ParseNumber(string name, string? text, long offset)
    {
        if (text is null) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value : throw TarFaults.Broken(offset, $"The PAX record '{name}' is no number.");
    }

    private static byte[] FromBase64(byte[] text, long offset)
    {
        string padded = System.Text.Encoding.Latin1.GetString(text).TrimEnd('='); // libarchive leaves the padding out
        try
        {
            return Convert.FromBase64String(padded + new string('=', -padded.Length & 3));
        }
        catch (FormatException) // any other text
        {
            throw TarFaults.Broken(offset, "An extended attribute is no base 64.");
        }
    }
}

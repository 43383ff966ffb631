namespace ImageKit.Oci;

/// <summary>What the headers before an entry add to it.</summary>
internal sealed class TarExtensions(PaxRecords global)
{
    /// <summary>The local PAX records, over the global ones.</summary>
    public PaxRecords Pax { get; } = new(global);

    /// <summary>GNU's long name, if there was one.</summary>
    public string? LongName { get; private set; }

    /// <summary>GNU's long link, if there was one.</summary>
    public string? LongLink { get; private set; }

    /// <summary>Whether any header came before the entry.</summary>
    public bool Any { get; private set; }

    /// <summary>Takes over one header's data.</summary>
    public void Add(byte type, ReadOnlySpan<byte> data, long offset)
    {
        Any = true;
        if (type is (byte)'x' or (byte)'X') Pax.Add(data, offset);
        else if (type == (byte)'L') LongName = TarText.Decode(data.TrimEnd((byte)0));
        else LongLink = TarText.Decode(data.TrimEnd((byte)0));
    }
}

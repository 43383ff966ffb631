using System.Collections.Immutable;
using System.Globalization;

namespace ImageKit.Oci;

/// <summary>Reads which parts of a sparse file are in the tar, in the four forms that GNU tar has written.</summary>
/// <seealso href="https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html"/>
internal static class SparseMap
{
    private const int MaxSpans = 1_000_000;
    private const long MaxHoles = 64L << 30; // bytes of zeros that a few bytes of tar can make us hash and write

    /// <summary>GNU's old form: four spans in the header, 21 in each block that follows.</summary>
    public static async ValueTask<ImmutableArray<SparseSpan>> ReadOldAsync(byte[] header, TarBuffer buffer, CancellationToken cancel)
    {
        ImmutableArray<SparseSpan>.Builder spans = ImmutableArray.CreateBuilder<SparseSpan>();
        AddOld(spans, header.AsSpan()[TarBlock.GnuSparse], buffer.Position);
        for (bool more = header[TarBlock.GnuIsExtended] != 0; more;)
        {
            byte[] block = await buffer.ReadExactAsync(TarBlock.Size, cancel).ConfigureAwait(false);
            AddOld(spans, block.AsSpan(0, TarBlock.ExtensionIsExtended), buffer.Position);
            more = block[TarBlock.ExtensionIsExtended] != 0;
        }
        return spans.ToImmutable();
    }

    /// <summary>PAX 0.0: two records for each span; 0.1: one record with all.</summary>
    public static ImmutableArray<SparseSpan> ReadRecords(PaxRecords pax, long offset)
    {
        string[] numbers = pax.LocalText("GNU.sparse.map") is { } map
            ? map.Split(',', StringSplitOptions.RemoveEmptyEntries)
            : [.. pax.SparseRecords.Select(record => TarText.Decode(record.Value))];
        if (numbers.Length % 2 != 0) throw TarFaults.Broken(offset, "The map of a sparse file has an odd count of numbers.");
        var spans = new SparseSpan[numbers.Length / 2];
        for (int i = 0; i < spans.Length; i++) spans[i] = new(Parse(numbers[2 * i], offset), Parse(numbers[2 * i + 1], offset));
        return ImmutableArray.Create(spans);
    }

    /// <summary>PAX 1.0: lines of decimal numbers before the bytes, the count first, filled up to whole blocks.</summary>
    /// <param name="stored">Bytes of the entry, of which the map is part.</param>
    /// <param name="buffer">At the first byte of the entry.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The map, and its length in bytes.</returns>
    public static async ValueTask<(ImmutableArray<SparseSpan> Spans, long Length)> ReadLinesAsync(long stored, TarBuffer buffer, CancellationToken cancel)
    {
        var lines = new NumberLines();
        long length = 0;
        while (!lines.Done)
        {
            length += TarBlock.Size;
            if (length > stored) throw TarFaults.Broken(buffer.Position, "The map of a sparse file is longer than the entry.");
            lines.Add(await buffer.ReadExactAsync(TarBlock.Size, cancel).ConfigureAwait(false), buffer.Position);
        }
        return (lines.Spans(), length);
    }

    /// <summary>Refuses maps that overlap, go backwards or lie outside of the file, or do not fit what is stored.</summary>
    public static void Check(ImmutableArray<SparseSpan> spans, long size, long stored, long offset)
    {
        long end = 0, sum = 0;
        foreach (SparseSpan span in spans)
        {
            if (span.Offset < end || span.Length < 0 || span.Length > size - span.Offset)
                throw TarFaults.Broken(offset, "The map of a sparse file overlaps itself or lies outside of the file.");
            end = span.Offset + span.Length;
            sum += span.Length;
        }
        if (sum != stored) throw TarFaults.Broken(offset, "The map of a sparse file does not fit the bytes stored.");
        if (size - sum > MaxHoles) throw TarFaults.TooMuch($"A sparse file has holes of {size - sum} bytes; {MaxHoles} are the limit.");
    }

    private static void AddOld(ImmutableArray<SparseSpan>.Builder spans, ReadOnlySpan<byte> fields, long offset)
    {
        for (; fields.Length >= 24; fields = fields[24..])
        {
            if (fields[0] == 0) return;
            if (!TarNumber.TryRead(fields[..12], out long start) || !TarNumber.TryRead(fields[12..24], out long length))
                throw TarFaults.Broken(offset, "The map of a sparse file is no number.");
            if (spans.Count == MaxSpans) throw TarFaults.TooMuch($"A sparse file has more than {MaxSpans} parts.");
            spans.Add(new(start, length));
        }
    }

    private static long Parse(string text, long offset) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
        ? value : throw TarFaults.Broken(offset, "The map of a sparse file is no number.");

    private sealed class NumberLines
    {
        private readonly List<long> _numbers = [];
        private long _current = -1; // a line that goes on in the next block

        public bool Done => _numbers.Count > 0 && _numbers.Count == 1 + 2 * _numbers[0];

        public void Add(ReadOnlySpan<byte> block, long offset)
        {
            foreach (byte c in block)
            {
                if (Done) return; // the rest is filler
                if (c == '\n' && _current >= 0) Finish(offset);
                else if (c is >= (byte)'0' and <= (byte)'9' && _current < long.MaxValue / 20) _current = Math.Max(_current, 0) * 10 + (c - '0');
                else throw TarFaults.Broken(offset, "The map of a sparse file is no number.");
            }
        }

        public ImmutableArray<SparseSpan> Spans()
        {
            var spans = new SparseSpan[_numbers[0]];
            for (int i = 0; i < spans.Length; i++) spans[i] = new(_numbers[1 + 2 * i], _numbers[2 + 2 * i]);
            return ImmutableArray.Create(spans);
        }

        private void Finish(long offset)
        {
            if (_numbers.Count == 0 && _current > MaxSpans) throw TarFaults.TooMuch($"A sparse file has more than {MaxSpans} parts (at byte {offset}).");
            _numbers.Add(_current);
            _current = -1;
        }
    }
}

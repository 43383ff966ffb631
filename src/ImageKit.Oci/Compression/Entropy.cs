namespace ImageKit.Oci;

/// <summary>Tells bytes that were compressed or encrypted before from those worth compressing, by a sample.</summary>
internal static class Entropy
{
    private const int SampleBytes = 4096, Samples = 16;
    private const double NoiseBits = 7.985; // of 8: random bytes give 7.997 in such a sample, programs and texts 4 to 7

    /// <summary>Whether all byte values are so evenly spread that deflate would gain less than half a percent. A function of the bytes alone.</summary>
    public static bool IsNoise(ReadOnlySpan<byte> block)
    {
        if (block.Length < SampleBytes * Samples) return false;
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        int step = block.Length / Samples;
        for (int i = 0; i < Samples; i++)
        {
            // One sample that is far from even says enough: most blocks are left here.
            foreach (byte value in block.Slice(i * step, SampleBytes)) counts[value]++;
            if (i == 0 && Bits(counts, SampleBytes) < 7.9) return false;
        }
        return Bits(counts, SampleBytes * Samples) >= NoiseBits;
    }

    private static double Bits(ReadOnlySpan<int> counts, int total)
    {
        double sum = 0;
        foreach (int count in counts)
            if (count > 0) sum += count * Math.Log2(count);
        return Math.Log2(total) - sum / total;
    }
}

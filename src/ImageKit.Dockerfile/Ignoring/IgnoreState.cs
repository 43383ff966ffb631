using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A state of <see cref="IgnoreAutomaton"/>: places in patterns, and what follows from them.</summary>
internal sealed class IgnoreState(int[] places, int lastAccepting, int lastLiveException)
{
    public const int AsciiCount = 128;

    /// <summary>Where ASCII characters lead, as far as known. Written under a lock, read without: a reader sees null or a complete state.</summary>
    public IgnoreState?[] Ascii { get; } = new IgnoreState?[AsciiCount];

    public Dictionary<Rune, IgnoreState> Others { get; } = [];

    /// <summary>Places in ascending order, each a position in the concatenation of all patterns.</summary>
    public int[] Places { get; } = places;

    /// <summary>The last pattern that matches what led here; -1 if none does.</summary>
    public int LastAccepting { get; } = lastAccepting;

    /// <summary>The last exception that can still match; -1 if none can.</summary>
    public int LastLiveException { get; } = lastLiveException;
}

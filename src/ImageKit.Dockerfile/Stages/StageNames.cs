using System.Collections.Concurrent;
using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>Finds stages by name or number. Names are in lower case, and so compared without case.</summary>
internal sealed class StageNames
{
    private readonly Dictionary<string, List<int>> _indexes = new(StringComparer.Ordinal);

    // Filled while a finished graph is asked, by several threads maybe.
    private readonly ConcurrentDictionary<string, string?> _nearest = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>The name that is spelled nearly like another; null if none is. Among very many names something always is, so none is sought.</summary>
    public string? Nearest(string name)
    {
        return _indexes.Count > DidYouMean.MaxOptions ? null : _nearest.GetOrAdd(name, sought => DidYouMean.Find(sought, All, ignoreCase: true));
    }

    public IEnumerable<string> All => _indexes.Keys;

    public void Add(string? name)
    {
        int index = Count++;
        if (name is null) return;
        if (!_indexes.TryGetValue(name, out List<int>? same)) _indexes.Add(name, same = []);
        same.Add(index);
    }

    /// <summary>The nearest stage of a name before another, else the first one behind it.</summary>
    public int? Find(string name, int before)
    {
        if (TryNumber(name, out int number)) return number < Count ? number : null;
        if (!_indexes.TryGetValue(name.ToLowerInvariant(), out List<int>? same)) return null;
        int position = same.BinarySearch(before);
        if (position < 0) position = ~position;
        return position > 0 ? same[position - 1] : same[position];
    }

    /// <summary>The nearest stage of a name before another; numbers are no names here.</summary>
    public int? FindBase(string name, int before) =>
        _indexes.ContainsKey(name.ToLowerInvariant()) && Find(name, before) is { } index && index < before ? index : null;

    public static bool TryNumber(string name, out int number) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>A row of `/etc/subuid` or `/etc/subgid`: ids that a user may map into namespaces of its own.</summary>
internal readonly record struct SubordinateRange(uint First, uint Count)
{
    /// <summary>The ranges of a user; empty if there are none.</summary>
    /// <param name="path">`/etc/subuid` or `/etc/subgid`.</param>
    /// <param name="name">The user's login name.</param>
    /// <param name="uid">The user's number, which a row may give instead.</param>
    public static List<SubordinateRange> Read(string path, string name, uint uid)
    {
        List<SubordinateRange> ranges = [];
        if (!File.Exists(path)) return ranges;
        foreach (string line in File.ReadLines(path))
        {
            string[] fields = line.Split(':');
            if (fields.Length != 3 || (fields[0] != name && fields[0] != uid.ToString(CultureInfo.InvariantCulture))) continue;
            if (uint.TryParse(fields[1], out uint first) && uint.TryParse(fields[2], out uint count) && count > 0) ranges.Add(new(first, count));
        }
        return ranges;
    }

    /// <summary>The words for newuidmap: id 0 is the user, the ids from 1 on are the ranges, one behind the other.</summary>
    public static IEnumerable<string> ToMap(uint id, IEnumerable<SubordinateRange> ranges)
    {
        List<uint> numbers = [0, id, 1];
        uint next = 1;
        foreach (SubordinateRange range in ranges)
        {
            numbers.AddRange([next, range.First, range.Count]);
            next += range.Count;
        }
        return numbers.Select(number => number.ToString(CultureInfo.InvariantCulture));
    }
}

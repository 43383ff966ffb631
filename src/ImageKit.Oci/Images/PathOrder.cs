namespace ImageKit.Oci;

/// <summary>Orders paths as a walk over sorted directories meets them: `a`, `a/b`, `a-b`.</summary>
internal sealed class PathOrder : IComparer<string>
{
    public static PathOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        int same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length.CompareTo(right.Length);
        return Rank(left[same]).CompareTo(Rank(right[same]));
    }

    // '/' before all else: what lies in `a` comes before `a-b`.
    private static int Rank(char c) => c == '/' ? -1 : c;
}

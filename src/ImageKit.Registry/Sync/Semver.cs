using System.Globalization;

namespace ImageKit.Registry;

/// <summary>A version as tags carry it: `1`, `1.2`, `v1.2.3-rc.1`. Parts left out are 0.</summary>
/// <seealso href="https://semver.org/spec/v2.0.0.html"/>
internal readonly record struct Semver(int Major, int Minor, int Patch, string Prerelease) : IComparable<Semver>
{
    /// <summary>Reads a tag; a `v` before it and `+build` behind it do not matter.</summary>
    public static bool TryParse(string text, out Semver version) => TryParse(text, out version, out _);

    /// <param name="text">The text.</param>
    /// <param name="version">The version.</param>
    /// <param name="parts">How many numbers were written: 1 to 3.</param>
    public static bool TryParse(string text, out Semver version, out int parts)
    {
        (version, parts) = (default, 0);
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.StartsWith("v", StringComparison.OrdinalIgnoreCase)) rest = rest[1..];
        int build = rest.IndexOf('+');
        if (build >= 0) rest = rest[..build];
        int dash = rest.IndexOf('-');
        string prerelease = dash < 0 ? "" : rest[(dash + 1)..].ToString();
        if (dash >= 0 && (prerelease.Length == 0 || prerelease.Split('.').Any(part => part.Length == 0))) return false;
        string[] numbers = (dash < 0 ? rest : rest[..dash]).ToString().Split('.');
        if (numbers.Length > 3) return false;
        int[] read = new int[3];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out read[i])) return false;
        }
        (version, parts) = (new(read[0], read[1], read[2], prerelease), numbers.Length);
        return true;
    }

    public int CompareTo(Semver other)
    {
        int order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0 || Prerelease == other.Prerelease) return order;
        if (Prerelease.Length == 0 || other.Prerelease.Length == 0) return Prerelease.Length == 0 ? 1 : -1; // a release is later
        return ComparePrereleases(Prerelease.Split('.'), other.Prerelease.Split('.'));
    }

    private static int ComparePrereleases(string[] ours, string[] theirs)
    {
        for (int i = 0; i < Math.Min(ours.Length, theirs.Length); i++)
        {
            bool number = int.TryParse(ours[i], NumberStyles.None, CultureInfo.InvariantCulture, out int left);
            bool otherNumber = int.TryParse(theirs[i], NumberStyles.None, CultureInfo.InvariantCulture, out int right);
            int order = number && otherNumber ? left.CompareTo(right) : number != otherNumber ? (number ? -1 : 1) : string.CompareOrdinal(ours[i], theirs[i]);
            if (order != 0) return order;
        }
        return ours.Length.CompareTo(theirs.Length);
    }
}

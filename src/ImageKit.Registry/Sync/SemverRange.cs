using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>
/// A range of versions as npm writes it: `>=1.2 &lt;2`, `^1.2`, `~1.2.3`, `1.x`, `1.2 - 1.4`, several joined by `||`. A version with a
/// prerelease is in it only if one of the range's own versions is a prerelease of the same numbers.
/// </summary>
/// <seealso href="https://github.com/npm/node-semver#ranges"/>
internal sealed class SemverRange
{
    private readonly ImmutableArray<ImmutableArray<Bound>> _any; // one of these, all of its bounds

    private SemverRange(ImmutableArray<ImmutableArray<Bound>> any) => _any = any;

    /// <summary>Reads a range; null if the text is none.</summary>
    public static SemverRange? Parse(string text)
    {
        var any = ImmutableArray.CreateBuilder<ImmutableArray<Bound>>();
        foreach (string part in text.Split("||", StringSplitOptions.TrimEntries))
        {
            if (Bounds(part) is not { } bounds) return null;
            any.Add(bounds);
        }
        return new(any.ToImmutable());
    }

    public bool Contains(Semver version) => _any.Any(all => all.All(bound => bound.Holds(version))
        && (version.Prerelease.Length == 0 || all.Any(bound => bound.Version.Prerelease.Length > 0 && (bound.Version with { Prerelease = "" }) == (version with { Prerelease = "" }))));

    private static ImmutableArray<Bound>? Bounds(string text)
    {
        string[] words = text.Replace(",", " ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is [string low, "-", string high]) return Hyphen(low, high);
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word is "=" or ">" or ">=" or "<" or "<=" or "^" or "~" && i + 1 < words.Length) word += words[++i]; // `>= 1.2`
            if (!Comparison(word, bounds)) return null;
        }
        return bounds.ToImmutable();
    }

    private static ImmutableArray<Bound>? Hyphen(string low, string high)
    {
        if (!Partial(low, out Semver from, out _) || !Partial(high, out Semver to, out int parts)) return null;
        return [new(from, 1, OrEqual: true), parts == 3 ? new(to, -1, OrEqual: true) : new(Next(to, parts), -1, OrEqual: false)];
    }

    private static bool Comparison(string word, ImmutableArray<Bound>.Builder bounds)
    {
        string version = word.TrimStart('=', '<', '>', '^', '~');
        string sign = word[..^version.Length];
        if (!Partial(version, out Semver at, out int parts)) return false;
        if (parts == 0) return sign is "" or "=" or ">=" or "<=" or "^" or "~"; // `*`: all
        switch (sign)
        {
            case "" or "=" when parts == 3: Add(bounds, new(at, 1, true), new(at, -1, true)); return true;
            case "" or "=" or "~" or "~>": Add(bounds, new(at, 1, true), new(Next(at, Math.Min(parts, 2)), -1, false)); return true;
            case "^": Add(bounds, new(at, 1, true), new(Caret(at, parts), -1, false)); return true;
            case ">=": bounds.Add(new(at, 1, true)); return true;
            case "<": bounds.Add(new(at, -1, false)); return true;
            case ">": bounds.Add(parts == 3 ? new(at, 1, false) : new(Next(at, parts), 1, true)); return true;
            case "<=": bounds.Add(parts == 3 ? new(at, -1, true) : new(Next(at, parts), -1, false)); return true;
            default: return false;
        }
    }

    private static void Add(ImmutableArray<Bound>.Builder bounds, Bound low, Bound high)
    {
        bounds.Add(low);
        bounds.Add(high);
    }

    // `1.x` and `1` say as much as `1`; `*` and nothing say nothing.
    private static bool Partial(string text, out Semver version, out int parts)
    {
        string[] words = text.Split('.');
        int known = Array.FindIndex(words, word => word is "x" or "X" or "*" or "");
        if (known == 0 && words.All(word => word is "x" or "X" or "*" or ""))
        {
            (version, parts) = (default, 0);
            return true;
        }
        return Semver.TryParse(known < 0 ? text : string.Join('.', words[..known]), out version, out parts);
    }

    private static Semver Next(Semver version, int parts) => parts switch
    {
        1 => new(version.Major + 1, 0, 0, ""),
        2 => new(version.Major, version.Minor + 1, 0, ""),
        _ => new(version.Major, version.Minor, version.Patch + 1, ""),
    };

    private static Semver Caret(Semver version, int parts)
    {
        if (version.Major > 0 || parts == 1) return Next(version, 1);
        return version.Minor > 0 || parts == 2 ? Next(version, 2) : Next(version, 3);
    }

    private sealed record Bound(Semver Version, int Side, bool OrEqual)
    {
        public bool Holds(Semver version)
        {
            int order = version.CompareTo(Version) * Side;
            // A bound below excludes the prereleases of what is beyond it: <2 means not 2.0.0-rc either.
            if (Side < 0 && !OrEqual && Version.Prerelease.Length == 0 && version.Prerelease.Length > 0 && (version with { Prerelease = "" }) == Version) return false;
            return order > 0 || (OrEqual && order == 0);
        }
    }
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ImageKit.Registry;

/// <summary>Which tags of a repository a rule is about.</summary>
public sealed record TagSelection
{
    /// <summary>All of them.</summary>
    public static TagSelection All { get; } = new();

    /// <summary>Regular expressions for whole tags; a tag must fit one of them. Empty lets every tag through.</summary>
    public ImmutableArray<string> Allow { get; init; } = [];

    /// <summary>Regular expressions for whole tags; a tag must fit none of them.</summary>
    public ImmutableArray<string> Deny { get; init; } = [];

    /// <summary>A range of versions as npm writes it; a tag that is no version in it is left out. Null lets every tag through.</summary>
    public string? Semver { get; init; }

    /// <summary>How many to keep, the highest versions first, behind them the other tags by name; null for all.</summary>
    public int? Newest { get; init; }

    /// <summary>The tags that are chosen, in ordinal order.</summary>
    /// <exception cref="FormatException">The range is none.</exception>
    /// <exception cref="RegexParseException">A pattern is none.</exception>
    public ImmutableArray<string> Choose(IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        SemverRange? range = Semver is null ? null : SemverRange.Parse(Semver) ?? throw new FormatException($"'{Semver}' is no range of versions.");
        Regex[] allow = [.. Allow.Select(Whole)], deny = [.. Deny.Select(Whole)];
        IEnumerable<string> chosen = tags.Distinct(StringComparer.Ordinal)
            .Where(tag => allow.Length == 0 || allow.Any(pattern => pattern.IsMatch(tag)))
            .Where(tag => !deny.Any(pattern => pattern.IsMatch(tag)))
            .Where(tag => range is null || (Registry.Semver.TryParse(tag, out Semver version) && range.Contains(version)));
        if (Newest is { } most) chosen = chosen.OrderByDescending(tag => Registry.Semver.TryParse(tag, out Semver version) ? version : (Semver?)null).ThenByDescending(tag => tag, StringComparer.Ordinal).Take(most);
        return [.. chosen.Order(StringComparer.Ordinal)];
    }

    // Of a user's own making: no pattern runs for ever, nor takes a part for the whole.
    internal static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

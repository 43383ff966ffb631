using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Choosing among rules.</summary>
internal static class MirrorRules
{
    public static MirrorRule? Longest(ImmutableArray<MirrorRule> rules, ImageReference reference)
    {
        MirrorRule? best = null;
        foreach (MirrorRule rule in rules)
        {
            if ((best is null || rule.Prefix.Length > best.Prefix.Length) && rule.Matches(reference)) best = rule;
        }
        return best;
    }
}

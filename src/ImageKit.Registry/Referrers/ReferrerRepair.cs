using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What became of a list of referrers.</summary>
/// <param name="Listed">What the list has now.</param>
/// <param name="Added">What was about the manifest and not in the list.</param>
/// <param name="Dropped">What was in the list and is not there any more, or is about another manifest.</param>
public sealed record ReferrerRepair(ImmutableArray<Descriptor> Listed, ImmutableArray<Digest> Added, ImmutableArray<Digest> Dropped)
{
    /// <summary>Whether anything had to be changed.</summary>
    public bool ChangedAnything => Added.Length + Dropped.Length > 0;
}

using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>A store, and other sources for what it has not: an image whose base was never downloaded reads its base's layers from there.</summary>
public sealed class CombinedSource : IContentSource
{
    private readonly IContentStore _first;

    /// <summary>Puts a store before other sources.</summary>
    public CombinedSource(IContentStore first, params ImmutableArray<IContentSource> others) => (_first, Others) = (first, others);

    /// <summary>What is asked, in order, for what the store has not.</summary>
    public ImmutableArray<IContentSource> Others { get; }

    /// <inheritdoc/>
    public async Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default)
    {
        foreach (IContentSource source in Others.Insert(0, _first))
            if (await source.ResolveAsync(name, cancel).ConfigureAwait(false) is { } found) return found;
        return null;
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        if (Others.IsEmpty || await _first.ContainsAsync(blob, cancel).ConfigureAwait(false)) return await _first.OpenAsync(blob, cancel).ConfigureAwait(false);
        for (int i = 0; i < Others.Length - 1; i++)
        {
            try
            {
                return await Others[i].OpenAsync(blob, cancel).ConfigureAwait(false);
            }
            catch (ContentException e) when (e.Code == "IK1101") // not there: the next one may have it
            {
            }
        }
        return await Others[^1].OpenAsync(blob, cancel).ConfigureAwait(false);
    }
}

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
    public bool IsRemote => Others.Any(source => source.IsRemote);

    /// <summary>A store before other sources; sources that are such combinations themselves are taken apart, and each is asked once.</summary>
    public static CombinedSource Of(IContentStore first, params IEnumerable<IContentSource> others) => new(first, [.. others.SelectMany(Parts).Where(source => source != first).Distinct()]);

    /// <inheritdoc/>
    public async Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default)
    {
        foreach (IContentSource source in Others.Insert(0, _first))
            if (await source.ResolveAsync(name, cancel).ConfigureAwait(false) is { } found) return found;
        return null;
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => AskAsync(blob, source => source.OpenAsync(blob, cancel), cancel);

    /// <inheritdoc/>
    public Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default) => AskAsync(blob, source => source.OpenFromAsync(blob, from, cancel), cancel);

    /// <inheritdoc/>
    public Task<Stream> OpenRangeAsync(Descriptor blob, long from, long length, CancellationToken cancel = default) =>
        AskAsync(blob, source => source.OpenRangeAsync(blob, from, length, cancel), cancel);

    /// <inheritdoc/>
    public bool ReadElsewhere(Descriptor blob) => Others.Any(source => source.ReadElsewhere(blob));

    private async Task<Stream> AskAsync(Descriptor blob, Func<IContentSource, Task<Stream>> open, CancellationToken cancel)
    {
        if (Others.IsEmpty || await _first.ContainsAsync(blob, cancel).ConfigureAwait(false)) return await open(_first).ConfigureAwait(false);
        for (int i = 0; i < Others.Length - 1; i++)
        {
            try
            {
                return await open(Others[i]).ConfigureAwait(false);
            }
            catch (ContentException e) when (e.Code == "IK1101") // not there: the next one may have it
            {
            }
        }
        return await open(Others[^1]).ConfigureAwait(false);
    }

    private static IEnumerable<IContentSource> Parts(IContentSource source) => source is CombinedSource combined ? [combined._first, .. combined.Others] : [source];
}

using ImageKit.Oci;

namespace ImageKit.Resolving;

/// <summary>Reads from the store what it has, and from elsewhere what it has not.</summary>
internal sealed class FallbackSource(LayoutStore store, IContentSource other) : IContentSource
{
    /// <summary>What is asked for what the store has not.</summary>
    public IContentSource Other => other;

    public bool IsRemote => other.IsRemote;

    public async Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) =>
        await store.ResolveAsync(name, cancel).ConfigureAwait(false) ?? await other.ResolveAsync(name, cancel).ConfigureAwait(false);

    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) =>
        await store.ContainsAsync(blob, cancel).ConfigureAwait(false)
            ? await store.OpenAsync(blob, cancel).ConfigureAwait(false)
            : await other.OpenAsync(blob, cancel).ConfigureAwait(false);

    public async Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default) =>
        await store.ContainsAsync(blob, cancel).ConfigureAwait(false)
            ? await ((IContentSource)store).OpenFromAsync(blob, from, cancel).ConfigureAwait(false)
            : await other.OpenFromAsync(blob, from, cancel).ConfigureAwait(false);

    public bool ReadElsewhere(Descriptor blob) => other.ReadElsewhere(blob);
}

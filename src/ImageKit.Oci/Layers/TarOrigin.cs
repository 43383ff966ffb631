using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>Files of a layer, read at their offsets in its tar through one shared handle.</summary>
internal sealed class TarOrigin(LayerStore store, Digest diffId) : ContentOrigin, IDisposable
{
    private SafeFileHandle? _tar;

    public override OriginFile? OpenFile(TocEntry entry) =>
        entry.Sparse.IsDefault && Volatile.Read(ref _tar) is { } tar ? new OriginFile(tar, entry.Offset, Owned: false) : null;

    public override async ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel)
    {
        SafeFileHandle tar = Volatile.Read(ref _tar) ?? await OpenTarAsync(cancel).ConfigureAwait(false);
        return new TarFileStream(tar, entry);
    }

    public void Dispose() => Interlocked.Exchange(ref _tar, null)?.Dispose();

    private async Task<SafeFileHandle> OpenTarAsync(CancellationToken cancel)
    {
        FileStream file = await store.OpenTarAsync(diffId, cancel).ConfigureAwait(false);
        SafeFileHandle opened = file.SafeFileHandle;
        if (Interlocked.CompareExchange(ref _tar, opened, null) is not { } earlier) return opened;
        await file.DisposeAsync().ConfigureAwait(false); // another thread was faster
        return earlier;
    }
}

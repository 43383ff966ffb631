namespace ImageKit.Oci;

/// <summary>Unpacks a stream of any compression.</summary>
internal static class ArchiveSpool
{
    public static async Task UnpackAsync(Stream stream, Stream target, CancellationToken cancel)
    {
        (Stream plain, _) = await Compression.OpenAsync(stream, cancel).ConfigureAwait(false);
        await using (plain.ConfigureAwait(false)) await plain.CopyToAsync(target, 128 * 1024, cancel).ConfigureAwait(false);
    }
}

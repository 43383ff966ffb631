namespace ImageKit.Oci;

/// <summary>
/// Reads a tar once, from front to back: ustar, PAX, GNU and old V7 entries. Header checksums are verified and all sizes limited, so that
/// hostile input ends in an error. Not for use by several threads at once.
/// </summary>
public sealed class TarReader : IAsyncDisposable
{
    /// <summary>Begins to read.</summary>
    /// <param name="tar">The uncompressed tar; need not seek.</param>
    /// <param name="leaveOpen">Whether <paramref name="tar"/> stays open when this is disposed.</param>
    public TarReader(Stream tar, bool leaveOpen = false) => (_tar, _leaveOpen) = (tar, leaveOpen);

    private readonly Stream _tar;
    private readonly bool _leaveOpen;

    /// <summary>The bytes of the entry read last, with holes filled; empty for all but regular files. Valid until the next entry is read.</summary>
    public Stream Content => throw new NotSupportedException();

    /// <summary>Goes on to the next entry, past what was not read of the last one's content.</summary>
    /// <returns>The entry, or null at the end of the tar.</returns>
    /// <exception cref="ContentException">The bytes are no tar (IK1201), end too early (IK1202), break a limit (IK1203) or use what is not known (IK1206).</exception>
    public ValueTask<TarEntry?> ReadAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Closes the tar unless it was to stay open.</summary>
    public ValueTask DisposeAsync() => _leaveOpen ? default : _tar.DisposeAsync();
}

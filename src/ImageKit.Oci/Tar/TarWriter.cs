namespace ImageKit.Oci;

/// <summary>
/// Writes a tar: ustar headers, PAX records only where an entry needs them. The bytes depend on nothing but the entries: no names of users,
/// no clock, no process id.
/// </summary>
public sealed class TarWriter : IAsyncDisposable
{
    /// <summary>Begins a tar.</summary>
    /// <param name="output">Where to write; need not seek.</param>
    /// <param name="leaveOpen">Whether <paramref name="output"/> stays open when this is disposed.</param>
    public TarWriter(Stream output, bool leaveOpen = false) => (_output, _leaveOpen) = (output, leaveOpen);

    private readonly Stream _output;
    private readonly bool _leaveOpen;

    /// <summary>Writes an entry and the bytes of a regular file.</summary>
    /// <param name="entry">What to say of it; <see cref="TocEntry.Size"/> governs.</param>
    /// <param name="content">At least as many bytes; null for an empty file and for all that is no regular file. More bytes are an error.</param>
    /// <param name="cancel">Stops the work; the tar is then unfinished.</param>
    /// <exception cref="ContentException"><paramref name="content"/> is shorter or longer than the entry says (IK1205).</exception>
    public ValueTask WriteAsync(TocEntry entry, Stream? content = null, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Writes the two empty blocks that end a tar.</summary>
    public ValueTask CompleteAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Closes the output unless it was to stay open; without <see cref="CompleteAsync"/> the tar is unfinished.</summary>
    public ValueTask DisposeAsync() => _leaveOpen ? default : _output.DisposeAsync();
}

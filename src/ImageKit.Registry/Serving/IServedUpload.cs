using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>A blob on its way into a repository.</summary>
internal interface IServedUpload
{
    /// <summary>Names it in URLs.</summary>
    string Id { get; }

    /// <summary>Bytes received so far.</summary>
    long Length { get; }

    /// <summary>Adds a chunk. What came before the connection broke stays: the client asks how far it got.</summary>
    /// <param name="chunk">The bytes.</param>
    /// <param name="start">Where the client thinks that they belong; null for the end.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>False, with nothing read, if it does not start where the last one ended.</returns>
    Task<bool> AppendAsync(Stream chunk, long? start, CancellationToken cancel);

    /// <summary>Ends the upload and puts the blob into its repository, if the bytes have this digest; else nothing of them is left.</summary>
    Task<bool> CommitAsync(Digest digest, CancellationToken cancel);

    /// <summary>Ends the upload; nothing of it is left.</summary>
    Task CancelAsync(CancellationToken cancel);
}

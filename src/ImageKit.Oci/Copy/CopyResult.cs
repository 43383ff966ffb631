namespace ImageKit.Oci;

/// <summary>What a copy did.</summary>
/// <param name="Root">What is in the target now: the root that was asked for, unless a choice of platforms made it another.</param>
/// <param name="BytesWritten">Bytes written to the target; 0 if it had them all.</param>
/// <param name="BlobsWritten">Blobs and manifests written.</param>
/// <param name="BlobsSkipped">Blobs and manifests that the target had, or took without moving them.</param>
public sealed record CopyResult(Descriptor Root, long BytesWritten, int BlobsWritten, int BlobsSkipped);

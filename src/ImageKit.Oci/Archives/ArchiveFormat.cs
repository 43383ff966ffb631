namespace ImageKit.Oci;

/// <summary>What an image archive is written as.</summary>
public enum ArchiveFormat
{
    /// <summary>
    /// One tar for everybody: an OCI layout and Docker's `manifest.json` over the same blobs. Docker 20.10 and later, podman, containerd and
    /// skopeo load it under the right name.
    /// </summary>
    Docker,

    /// <summary>An OCI layout in a tar, and nothing else.</summary>
    Oci,
}

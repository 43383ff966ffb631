namespace ImageKit.Oci;

/// <summary>A file that becomes a blob of an artifact.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="MediaType">What its bytes are.</param>
public sealed record ArtifactFile(string Path, string MediaType = ArtifactFile.AnyBytes)
{
    /// <summary>The media type of bytes of which nothing is known.</summary>
    public const string AnyBytes = "application/octet-stream";

    /// <summary>The name it is given back under.</summary>
    public string Title { get; init; } = System.IO.Path.GetFileName(Path);
}

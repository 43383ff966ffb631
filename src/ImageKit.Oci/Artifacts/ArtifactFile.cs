namespace ImageKit.Oci;

/// <summary>A file that becomes a blob of an artifact.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="MediaType">What its bytes are.</param>
public sealed record ArtifactFile(string Path, string MediaType = ArtifactFile.AnyBytes)
{
    /// <summary>The media type of bytes of which nothing is known.</summary>
    public const string AnyBytes = "application/octet-stream";

    /// <summary>The name it is given back under: a relative path as it is, of all others the last part.</summary>
    public string Title { get; init; } = TitleOf(Path);

    private static string TitleOf(string path)
    {
        string[] parts = [.. path.Split('/').Where(part => part is not ("" or "."))];
        return System.IO.Path.IsPathRooted(path) || parts.Contains("..") ? System.IO.Path.GetFileName(path) : string.Join('/', parts);
    }
}

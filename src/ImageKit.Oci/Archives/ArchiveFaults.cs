namespace ImageKit.Oci;

/// <summary>The words of the errors of archives.</summary>
internal static class ArchiveFaults
{
    public static ContentException NoArchive(string name, string why, Exception? inner = null) => new("IK1009", $"'{name}' is no image archive.", why,
        "Make it with 'docker save', 'podman save', 'skopeo copy' or 'imagekit save'.", inner);

    public static ContentException Broken(string name, string why, Exception? inner = null) => new("IK1009", $"The image archive '{name}' is broken.", why,
        "Save the image again.", inner);
}

namespace ImageKit.Oci;

/// <summary>The names of annotations that the specification gives a meaning; labels use them too.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys"/>
public static class OciAnnotation
{
    /// <summary>When the image was made, as RFC 3339 text.</summary>
    public const string Created = "org.opencontainers.image.created";

    /// <summary>Who answers for the image.</summary>
    public const string Authors = "org.opencontainers.image.authors";

    /// <summary>Where to read more about the image.</summary>
    public const string Url = "org.opencontainers.image.url";

    /// <summary>Where the image is documented.</summary>
    public const string Documentation = "org.opencontainers.image.documentation";

    /// <summary>Where its source is.</summary>
    public const string Source = "org.opencontainers.image.source";

    /// <summary>The version of what is in it.</summary>
    public const string Version = "org.opencontainers.image.version";

    /// <summary>The revision of its source.</summary>
    public const string Revision = "org.opencontainers.image.revision";

    /// <summary>Who hands it out.</summary>
    public const string Vendor = "org.opencontainers.image.vendor";

    /// <summary>Under which licences, as an SPDX expression.</summary>
    public const string Licenses = "org.opencontainers.image.licenses";

    /// <summary>Its name in a layout's list; counts on entries of `index.json` alone.</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>Its title, for people.</summary>
    public const string Title = "org.opencontainers.image.title";

    /// <summary>What is in it, for people.</summary>
    public const string Description = "org.opencontainers.image.description";

    /// <summary>The digest of the image that it is based on.</summary>
    public const string BaseDigest = "org.opencontainers.image.base.digest";

    /// <summary>The name of the image that it is based on.</summary>
    public const string BaseName = "org.opencontainers.image.base.name";
}

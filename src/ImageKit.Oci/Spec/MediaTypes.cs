namespace ImageKit.Oci;

/// <summary>The media types of images, OCI's and Docker's.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md"/>
public static class MediaTypes
{
    /// <summary>An OCI image manifest.</summary>
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An OCI image index.</summary>
    public const string Index = "application/vnd.oci.image.index.v1+json";

    /// <summary>An OCI image configuration.</summary>
    public const string Config = "application/vnd.oci.image.config.v1+json";

    /// <summary>An uncompressed layer.</summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>A gzip layer.</summary>
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>A zstd layer.</summary>
    public const string LayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>The empty JSON object, for artifacts without a config.</summary>
    public const string Empty = "application/vnd.oci.empty.v1+json";

    /// <summary>A Docker image manifest, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>A Docker manifest list.</summary>
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>A Docker image configuration.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>A Docker gzip layer.</summary>
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>A Docker zstd layer.</summary>
    public const string DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";

    /// <summary>A Docker uncompressed layer.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>A Docker gzip layer that registries do not hold.</summary>
    public const string DockerForeignLayerGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    private const string DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    private const string ForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private const string ForeignLayerGzip = ForeignLayer + "+gzip";

    /// <summary>OCI's name of a type of Docker's for the same bytes; any other type as it is.</summary>
    public static string ToOci(string mediaType) => mediaType switch
    {
        DockerManifest => Manifest,
        DockerIndex => Index,
        DockerConfig => Config,
        DockerLayer => Layer,
        DockerLayerGzip => LayerGzip,
        DockerLayerZstd => LayerZstd,
        DockerForeignLayerGzip => ForeignLayerGzip,
        DockerForeignLayer => ForeignLayer,
        _ => mediaType,
    };

    /// <summary>Docker's name of a type of OCI's for the same bytes; any other type as it is.</summary>
    public static string ToDocker(string mediaType) => mediaType switch
    {
        Manifest => DockerManifest,
        Index => DockerIndex,
        Config => DockerConfig,
        Layer => DockerLayer,
        LayerGzip => DockerLayerGzip,
        LayerZstd => DockerLayerZstd,
        ForeignLayerGzip => DockerForeignLayerGzip,
        ForeignLayer => DockerForeignLayer,
        _ => mediaType,
    };

    /// <summary>The manifest with all types OCI's.</summary>
    internal static ImageManifest ToOci(ImageManifest manifest) => Convert(manifest, Manifest, ToOci);

    /// <summary>The manifest with all types Docker's.</summary>
    internal static ImageManifest ToDocker(ImageManifest manifest) => Convert(manifest, DockerManifest, ToDocker);

    /// <summary>Whether the bytes are a layer that registries do not hold, to be fetched from its URLs.</summary>
    public static bool IsForeignLayer(string mediaType) => mediaType is DockerForeignLayerGzip or DockerForeignLayer
        || mediaType.StartsWith(ForeignLayer, StringComparison.Ordinal);

    /// <summary>Whether a blob is a layer that registries hold: a tar, compressed or not.</summary>
    internal static bool IsLayer(string mediaType) => mediaType is Layer or LayerGzip or LayerZstd or DockerLayerGzip or DockerLayer;

    /// <summary>Whether the bytes are an image manifest, OCI's or Docker's.</summary>
    public static bool IsManifest(string mediaType) => mediaType is Manifest or DockerManifest;

    /// <summary>Whether the bytes are an index or a manifest list.</summary>
    public static bool IsIndex(string mediaType) => mediaType is Index or DockerIndex;

    /// <summary>Whether the bytes are an image configuration, OCI's or Docker's.</summary>
    public static bool IsConfig(string mediaType) => mediaType is Config or DockerConfig;

    private static ImageManifest Convert(ImageManifest manifest, string mediaType, Func<string, string> convert) => manifest with
    {
        MediaType = mediaType,
        Config = manifest.Config with { MediaType = convert(manifest.Config.MediaType) },
        Layers = [.. manifest.Layers.Select(layer => layer with { MediaType = convert(layer.MediaType) })],
    };

    /// <summary>Whether a text is a media type by its grammar: two names of at most 127 characters with a slash between.</summary>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc6838#section-4.2"/>
    public static bool IsWellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] names = text.Split('/');
        return names.Length == 2 && names.All(name => name.Length is > 0 and <= 127 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$&-^_.+".Contains(c, StringComparison.Ordinal)));
    }
}

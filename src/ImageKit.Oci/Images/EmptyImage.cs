namespace ImageKit.Oci;

/// <summary>An image without layers.</summary>
internal static class EmptyImage
{
    public static Image Make(Platform platform)
    {
        Document<ImageConfig> config = Documents.WriteConfig(new()
        {
            Os = platform.Os,
            Architecture = platform.Architecture,
            Variant = platform.Variant,
            OsVersion = platform.OsVersion,
            OsFeatures = platform.OsFeatures,
            Rootfs = new() { DiffIds = [] },
        });
        Document<ImageManifest> manifest = Documents.WriteManifest(new() { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = config.Descriptor, Layers = [] });
        return new(new FixedSource([config.Bytes, manifest.Bytes]), manifest.Descriptor);
    }
}

namespace ImageKit.Oci;

/// <summary>One change of an image's configuration.</summary>
/// <param name="Said">What the image's history says of it, as a Dockerfile would: `ENV TZ=UTC`; null for what leaves no line there.</param>
public sealed record ConfigEdit(string? Said)
{
    internal Func<ImageConfig, ImageConfig> Change { get; init; } = config => config;
}

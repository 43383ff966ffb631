namespace ImageKit.Oci;

/// <summary>One change of an image's configuration.</summary>
/// <param name="Said">What the image's history says of it, as a Dockerfile would: `ENV TZ=UTC`.</param>
public sealed record ConfigEdit(string Said)
{
    internal Func<ContainerConfig, ContainerConfig> Change { get; init; } = config => config;
}

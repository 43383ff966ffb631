namespace ImageKit.Registry;

/// <summary>A `[[registry.mirror]]` of registries.conf.</summary>
/// <param name="Location">Host, port and path, without a scheme.</param>
/// <param name="Insecure">Whether it may be used without TLS or with a certificate that cannot be verified.</param>
/// <param name="PullFromMirror">Which references it serves.</param>
/// <param name="Place">Where it was written.</param>
public sealed record ConfiguredMirror(string Location, bool Insecure, MirrorScope PullFromMirror, ConfigurationPlace Place);

using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What one endpoint answered when it was asked for an image.</summary>
/// <param name="Endpoint">Who.</param>
/// <param name="Found">The manifest that it has; null if it has none, or failed.</param>
/// <param name="Took">From asking to the outcome.</param>
/// <param name="Failure">Why it could not be asked; null if it answered.</param>
public sealed record EndpointProbe(PlannedEndpoint Endpoint, Descriptor? Found, TimeSpan Took, RegistryException? Failure);

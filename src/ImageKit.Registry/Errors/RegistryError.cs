namespace ImageKit;

/// <summary>One entry of a registry's error body.</summary>
/// <param name="Code">The registry's code, such as `MANIFEST_UNKNOWN`; an open set.</param>
/// <param name="Message">The registry's text; may be empty.</param>
/// <param name="Detail">The registry's detail as JSON text; may be empty.</param>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes"/>
public sealed record RegistryError(string Code, string Message, string Detail = "");

namespace ImageKit.Oci;

/// <summary>What was unpacked.</summary>
/// <param name="Entries">Entries of the tar.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="Skipped">Owners, devices and attributes left out (only with <see cref="UnpackOptions.BestEffort"/>).</param>
/// <param name="FirstSkipped">The first path of those, or null.</param>
public sealed record UnpackResult(int Entries, long Bytes, int Skipped, string? FirstSkipped);

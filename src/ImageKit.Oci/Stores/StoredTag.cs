namespace ImageKit.Oci;

/// <summary>One entry of a store's or an archive's list of images.</summary>
/// <param name="Name">The tag or full name; null where the list gives none.</param>
/// <param name="Root">The manifest or index.</param>
public readonly record struct StoredTag(string? Name, Descriptor Root);

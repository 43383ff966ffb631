namespace ImageKit.Registry;

/// <summary>Something that a user may want to know of a registry or mirror though it stopped nothing.</summary>
/// <param name="Host">The host that it is about.</param>
/// <param name="Message">A whole sentence.</param>
public sealed record RegistryNotice(string Host, string Message);

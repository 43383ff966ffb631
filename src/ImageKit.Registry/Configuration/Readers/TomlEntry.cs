namespace ImageKit.Registry;

/// <summary>One key of a TOML table.</summary>
/// <param name="Key">The key, unquoted.</param>
/// <param name="Value">A string, a bool, a long, a list of values, a <see cref="TomlTable"/>, or null for other kinds.</param>
/// <param name="Place">Where the key stands.</param>
internal sealed record TomlEntry(string Key, object? Value, ConfigurationPlace Place);

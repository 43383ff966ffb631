namespace ImageKit.Sandbox;

/// <summary>A piece of what a command wrote, in the order it came; pieces end anywhere, even inside a character.</summary>
/// <param name="Error">Whether it came from standard error rather than standard output.</param>
/// <param name="Bytes">The bytes; the receiver may keep them.</param>
public readonly record struct RunOutput(bool Error, ReadOnlyMemory<byte> Bytes);

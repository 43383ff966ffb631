namespace ImageKit.Dockerfile;

/// <summary>A flag of an instruction: <c>--name</c> or <c>--name=value</c>.</summary>
/// <param name="Name">The name without dashes.</param>
/// <param name="Value">What stands behind <c>=</c>, quotes and escapes taken out, variables not expanded; null without <c>=</c>.</param>
/// <param name="Span">The whole flag.</param>
public readonly record struct Flag(string Name, Word? Value, SourceSpan Span);

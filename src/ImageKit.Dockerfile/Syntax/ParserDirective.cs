namespace ImageKit.Dockerfile;

/// <summary>A comment at the top of the file that changes how it is read: <c># escape=`</c>.</summary>
/// <param name="Name"><c>syntax</c>, <c>escape</c> or <c>check</c>, in lower case.</param>
/// <param name="Value">What stands behind <c>=</c>, trimmed.</param>
/// <param name="Span">The whole line without its line end.</param>
public sealed record ParserDirective(string Name, Word Value, SourceSpan Span);

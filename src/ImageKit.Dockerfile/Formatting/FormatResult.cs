using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What formatting gave.</summary>
/// <param name="Text">The formatted file; the file as it was if <paramref name="Diagnostics"/> says why it was left alone.</param>
/// <param name="IsChanged">Whether the text differs from what it was.</param>
/// <param name="Diagnostics">Why the file was left alone: errors in it, or IK3091. Empty if it was formatted.</param>
public sealed record FormatResult(string Text, bool IsChanged, ImmutableArray<Diagnostic> Diagnostics);

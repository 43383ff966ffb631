namespace ImageKit.Dockerfile;

/// <summary>An argument of an instruction, not yet expanded: quotes, escapes and variables stand in it as written.</summary>
/// <param name="Text">The argument with line continuations and the comments between them taken out.</param>
/// <param name="Span">Where it stands, continuations and comments included.</param>
/// <remarks><c>default</c> has a null text and stands for no argument.</remarks>
public readonly record struct Word(string Text, SourceSpan Span)
{
    /// <summary>The text, not expanded.</summary>
    public override string ToString() => Text;
}

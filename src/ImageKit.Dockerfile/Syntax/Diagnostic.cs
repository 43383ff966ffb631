namespace ImageKit.Dockerfile;

/// <summary>Something wrong or doubtful in a user's text: what, where, and how to mend it.</summary>
/// <param name="Code">Stable code, <c>IK30</c> and two digits; listed in <c>docs/errors.md</c>.</param>
/// <param name="Severity">Whether the text can be used nevertheless.</param>
/// <param name="Span">Where it is; <c>default</c> if it belongs to no place (an unknown build target).</param>
/// <param name="Message">One sentence; where BuildKit has a message for the same fault, that one.</param>
/// <param name="Mend">What to write instead; null where the message says it already.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourceSpan Span, string Message, string? Mend = null)
{
    /// <summary>Name of the build check that found it, as BuildKit calls it (<c>StageNameCasing</c>); null if no check did.</summary>
    public string? Rule { get; init; }

    /// <summary>Place, severity, code, check, message and mend in one line.</summary>
    public override string ToString() =>
        $"{Span}: {(Severity == Severity.Error ? "error" : "warning")} {Code}{(Rule is null ? "" : " " + Rule)}: {Message}{(Mend is null ? "" : (Message.EndsWith('.') ? " " : ". ") + Mend)}";
}

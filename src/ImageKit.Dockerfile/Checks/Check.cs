namespace ImageKit.Dockerfile;

/// <summary>A build check: a rule that finds doubtful things in a file that can be built.</summary>
/// <param name="Code">Its stable code.</param>
/// <param name="Name">Its name, as BuildKit calls it: <c>StageNameCasing</c>.</param>
/// <param name="Title">What it asks for, in one sentence.</param>
/// <param name="Find">Finds violations; they are warnings with the code and the name of the check, see <see cref="Violation"/>.</param>
public sealed record Check(string Code, string Name, string Title, Func<CheckedFile, IEnumerable<Violation>> Find)
{
    /// <summary>Whether it runs only if the file or the caller asks for it.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>Whether a build runs it only in the stages that it reaches.</summary>
    public bool NeedsReachedStage { get; init; }
}

/// <summary>A place that breaks a check.</summary>
/// <param name="Span">Where it is.</param>
/// <param name="Message">What is wrong, in BuildKit's words.</param>
/// <param name="Mend">What to write instead; null where the message says it.</param>
public readonly record struct Violation(SourceSpan Span, string Message, string? Mend = null);

using System.Collections.Immutable;
using ImageKit.Dockerfile;

namespace ImageKit;

/// <summary>A build failed: because of what its Dockerfile says (codes IK30xx and IK40xx) or because of a command in it (IK4001).</summary>
public sealed class BuildException : ImageKitException
{
    /// <inheritdoc cref="ImageKitException(string, string, string, string, Exception?)"/>
    public BuildException(string code, string what, string why = "", string mend = "", Exception? inner = null)
        : base(code, what, why, mend, inner)
    {
    }

    /// <summary>The step that failed; null if the build failed before or after its steps.</summary>
    public BuildStep? Step { get; init; }

    /// <summary>The Dockerfile's name as the user gave it; null if the failure belongs to no file.</summary>
    public string? File { get; init; }

    /// <summary>Where in <see cref="File"/>; `default` if nowhere.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>The lines of <see cref="File"/> from <see cref="Span"/> on, with what continues them; empty if there are none to show.</summary>
    public ImmutableArray<string> Excerpt { get; init; } = [];

    /// <summary>The last lines of what the failed command wrote, oldest first.</summary>
    public ImmutableArray<string> OutputTail { get; init; } = [];

    /// <summary>The exit code of the failed command; null if no command failed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The errors of the Dockerfile, if there are any.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>The same failure, with the step it happened in.</summary>
    internal BuildException In(BuildStep? step) => Step is not null || step is null ? this : new(Code, What, Why, Mend, InnerException)
    {
        Step = step,
        File = File ?? (step.File.Length > 0 ? step.File : null),
        Span = Span == default ? step.Span : Span,
        Excerpt = Excerpt,
        OutputTail = OutputTail,
        ExitCode = ExitCode,
        Diagnostics = Diagnostics,
    };

    /// <summary>The same failure, with the lines it speaks of.</summary>
    internal BuildException Quoting(string text)
    {
        const int most = 10;
        if (Span.Line < 1) return this;
        string[] lines = [.. text.Split('\n').Skip(Span.Line - 1).Take(most).Select(line => line.TrimEnd('\r'))];
        int count = lines.TakeWhile(line => line.TrimEnd().EndsWith('\\')).Count() + 1;
        return new(Code, What, Why, Mend, this)
        {
            Step = Step,
            File = File,
            Span = Span,
            Excerpt = [.. lines.Take(count)],
            OutputTail = OutputTail,
            ExitCode = ExitCode,
            Diagnostics = Diagnostics,
        };
    }
}

using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>All checks, and the way to run them.</summary>
public static class CheckTable
{
    /// <summary>BuildKit's 22 checks, with its names and messages.</summary>
    public static ImmutableArray<Check> BuildKit { get; } = BuildKitChecks.All;

    /// <summary>Checks of this project: what other builders do silently, and mistakes that only show once the image runs or is built again.</summary>
    public static ImmutableArray<Check> Own { get; } = OwnChecks.All;

    /// <summary>All checks: <see cref="BuildKit"/>, then <see cref="Own"/>.</summary>
    public static ImmutableArray<Check> All { get; } = [.. BuildKit, .. Own];

    /// <summary>A check by its name or code, in any case; null if there is none.</summary>
    /// <param name="name">The name or code.</param>
    public static Check? Find(string name) =>
        All.FirstOrDefault(check => check.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || check.Code.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Runs all checks that neither the file nor the caller turned off.</summary>
    /// <param name="file">A file; what is faulty in it is passed over.</param>
    /// <param name="options">What the caller knows and wants.</param>
    /// <returns>The violations. Empty continuation lines are among <see cref="DockerfileSyntax.Diagnostics"/> too.</returns>
    public static CheckReport Run(DockerfileSyntax file, CheckOptions options) => Run(file, options, All);

    /// <summary>Runs some checks, own ones among them.</summary>
    /// <param name="file">A file; what is faulty in it is passed over.</param>
    /// <param name="options">What the caller knows and wants.</param>
    /// <param name="checks">The checks.</param>
    public static CheckReport Run(DockerfileSyntax file, CheckOptions options, IEnumerable<Check> checks)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(checks);
        string value = options.Directive ?? file.Directives.FirstOrDefault(directive => directive.Name == "check")?.Value.Text ?? "";
        CheckDirective directive = CheckDirective.Parse(value);
        Check[] table = [.. checks];
        CheckedFile input = new(file, options) { Directive = directive, RuleNames = table.Concat(All).Select(check => check.Name).Append("all") };
        ImmutableArray<Diagnostic> found =
        [
            // Those of the file are among its own diagnostics.
            .. directive.Faults.Where(_ => options.Directive is not null).Select(fault => Faults.CheckOption(default, fault)),
            .. table.Where(directive.Runs)
                .SelectMany(check => check.Find(input).Where(violation => Counts(input, check, violation)).Select(violation => ToDiagnostic(check, violation, options)))
                .OrderBy(diagnostic => diagnostic.Span.Start),
        ];
        return new(found, directive.IsError);
    }

    private static Diagnostic ToDiagnostic(Check check, Violation violation, CheckOptions options) =>
        new(check.Code, check.IsError || (options.Strict && check.IsSilentElsewhere) ? Severity.Error : Severity.Warning, violation.Span, violation.Message, violation.Mend) { Rule = check.Name };

    private static bool Counts(CheckedFile file, Check check, Violation violation)
    {
        if (check.NeedsReachedStage && file.Options.ReachedStages is { } reached)
        {
            int stage = LastAt(file.Graph.Stages, violation.Span, stage => stage.From.Span);
            if (stage >= 0 && !reached.Contains(stage)) return false;
        }

        int instruction = LastAt(file.Syntax.Instructions, violation.Span, instruction => instruction.Span);
        return instruction < 0 || !file.Syntax.Instructions[instruction].SkippedChecks.Any(name =>
            name.Equals("all", StringComparison.OrdinalIgnoreCase) || name.Equals(check.Name, StringComparison.OrdinalIgnoreCase));
    }

    // Index of the last item that begins at or before a place; -1 if there is none.
    private static int LastAt<T>(ImmutableArray<T> items, SourceSpan at, Func<T, SourceSpan> span)
    {
        int low = 0;
        int high = items.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (span(items[middle]).Start <= at.Start) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}

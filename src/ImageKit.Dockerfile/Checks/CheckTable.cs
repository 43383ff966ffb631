using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>All checks that need nothing but the file, and the way to run them.</summary>
public static class CheckTable
{
    /// <summary>The checks, with BuildKit's names.</summary>
    public static ImmutableArray<Check> All { get; } =
    [
        new("IK3031", "StageNameCasing", "Stage names are lower case", StageChecks.NameCasing),
        new("IK3032", "NoEmptyContinuation", "Continued lines are not interrupted by empty ones", LineChecks.EmptyContinuation),
        new("IK3033", "FromAsCasing", "AS is written as FROM is", StageChecks.AsCasing),
        new("IK3034", "ConsistentInstructionCasing", "All instructions are written in one case", LineChecks.InstructionCasing),
        new("IK3035", "DuplicateStageName", "Stage names are unique", StageChecks.DuplicateName),
        new("IK3036", "ReservedStageName", "No stage is called scratch or context", StageChecks.ReservedName),
        new("IK3037", "JSONArgsRecommended", "CMD and ENTRYPOINT are JSON, so that signals arrive", CommandChecks.JsonArguments) { NeedsReachedStage = true },
        new("IK3038", "MaintainerDeprecated", "The author is a label, not MAINTAINER", LineChecks.Maintainer),
        new("IK3039", "UndefinedArgInFrom", "Arguments in FROM are declared before it", VariableChecks.UndefinedInFrom),
        new("IK3040", "WorkdirRelativePath", "The first WORKDIR is absolute", VariableChecks.RelativeWorkdir) { NeedsReachedStage = true },
        new("IK3041", "UndefinedVar", "Variables are set before they are used", VariableChecks.Undefined) { NeedsReachedStage = true },
        new("IK3042", "MultipleInstructionsDisallowed", "CMD, ENTRYPOINT and HEALTHCHECK stand once in a stage", CommandChecks.Repeated) { NeedsReachedStage = true },
        new("IK3043", "LegacyKeyValueFormat", "ENV and LABEL are written with =", LineChecks.LegacyPairs),
        new("IK3044", "SecretsUsedInArgOrEnv", "Secrets are mounted, not put into ARG or ENV", SecretChecks.ArgOrEnv) { NeedsReachedStage = true },
        new("IK3045", "InvalidDefaultArgInFrom", "Defaults alone make a valid image name", VariableChecks.InvalidDefault),
        new("IK3046", "RedundantTargetPlatform", "FROM does not repeat the target platform", StageChecks.RedundantPlatform),
        new("IK3047", "FromPlatformFlagConstDisallowed", "FROM is not bound to one platform", StageChecks.ConstantPlatform),
        new("IK3048", "ExposeProtoCasing", "Protocols are lower case", ExposeChecks.ProtocolCasing) { NeedsReachedStage = true },
        new("IK3049", "ExposeInvalidFormat", "EXPOSE names no address and no host port", ExposeChecks.HostPort) { NeedsReachedStage = true },
        new("IK3050", "InvalidDefinitionDescription", "Comments above ARG and FROM describe them", LineChecks.Description) { IsExperimental = true },
    ];

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
        CheckedFile input = new(file, options);
        ImmutableArray<Diagnostic> found =
        [
            .. checks.Where(directive.Runs)
                .SelectMany(check => check.Find(input).Where(violation => Counts(input, check, violation)).Select(violation => ToDiagnostic(check, violation)))
                .OrderBy(diagnostic => diagnostic.Span.Start),
        ];
        return new(found, directive.IsError && !found.IsEmpty);
    }

    private static Diagnostic ToDiagnostic(Check check, Violation violation) =>
        new(check.Code, Severity.Warning, violation.Span, violation.Message, violation.Mend) { Rule = check.Name };

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

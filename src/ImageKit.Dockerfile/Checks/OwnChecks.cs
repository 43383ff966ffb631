using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The checks that BuildKit does not have. On by default are those that find mistakes; the others are asked for by name.</summary>
internal static class OwnChecks
{
    public static readonly ImmutableArray<Check> All = [.. from check in Silent().Concat(Mistakes()).Concat(Errors()).Concat(OnRequest()) orderby check.Code select check];

    private static IEnumerable<Check> Silent() => from check in new Check[]
    {
        new("IK3060", "IgnoredFlag", "Flags stand only where they are read", FlagChecks.Ignored),
        new("IK3061", "HeredocWithoutErrexit", "Scripts in heredocs stop at the first failure", RunChecks.HeredocWithoutErrexit) { NeedsReachedStage = true },
        new("IK3062", "RegexReplacement", "Replacements of ${name//pattern/replacement} hold no dollar sign", VariableChecks.RegexReplacement) { NeedsReachedStage = true },
        new("IK3063", "ArgOverridesEnv", "An ARG does not hide the value of an ENV", VariableChecks.ArgOverridesEnv) { NeedsReachedStage = true },
        new("IK3064", "StageNameCaseInFrom", "FROM names stages in lower case", BaseChecks.StageNameCase),
        new("IK3066", "WildcardWithoutMatch", "Wildcards of COPY and ADD match something", ContextChecks.Wildcard) { NeedsReachedStage = true },
        new("IK3067", "SeveralSourcesToOneFile", "Several sources go into a directory", FileChecks.SeveralSources) { NeedsReachedStage = true },
        new("IK3068", "ChmodWithoutExecute", "Octal modes leave directories open", FileChecks.ChmodWithoutExecute) { NeedsReachedStage = true },
        new("IK3069", "UnknownChownName", "--chown names users that the image has", FileChecks.UnknownOwner) { NeedsReachedStage = true },
        new("IK3070", "LinkWithChmod", "--link stands without --chmod", FlagChecks.LinkWithChmod),
        new("IK3071", "ExcludedSource", "--exclude does not match a source itself", FileChecks.ExcludedSource),
        new("IK3072", "BrokenJsonForm", "What looks like a JSON array is one", CommandChecks.BrokenJson),
        new("IK3079", "VolumeWrite", "Nothing is written below a volume", FileChecks.VolumeWrite) { NeedsReachedStage = true },
    }
                                                  select check with { IsSilentElsewhere = true };

    private static IEnumerable<Check> Mistakes() =>
    [
        new("IK3065", "MisspelledStage", "--from names stages as they are called", BaseChecks.MisspelledStage),
        new("IK3073", "UnpinnedBase", "Base images have a tag or a digest", BaseChecks.Unpinned) { NeedsReachedStage = true },
        new("IK3074", "AptListsKept", "Lists of packages do not stay in the image", PackageChecks.ListsKept) { NeedsReachedStage = true },
        new("IK3075", "AptUpdateAlone", "Lists of packages are updated where they are used", PackageChecks.UpdateAlone) { NeedsReachedStage = true },
        new("IK3076", "AptInstallWithoutYes", "Installing asks no questions", PackageChecks.WithoutYes) { NeedsReachedStage = true },
        new("IK3077", "LostShellState", "RUN does more than change its own shell", RunChecks.LostShellState) { NeedsReachedStage = true },
        new("IK3078", "EntrypointIgnoresCmd", "A CMD is seen by its ENTRYPOINT", CommandChecks.IgnoredCmd) { NeedsReachedStage = true },
        new("IK3080", "EnvSeesOldValue", "One ENV does not use what it sets itself", VariableChecks.EnvSeesOldValue) { NeedsReachedStage = true },
        new("IK3081", "TrailingComment", "Comments stand on lines of their own", FlagChecks.TrailingComment),
        new("IK3088", "MountWithoutTarget", "Mounts say where to", RunChecks.MountWithoutTarget),
        new("IK3092", "MisspelledRule", "Rules that are turned off are called as they are", LineChecks.MisspelledRule),
        new("IK3082", "ArgNotInStage", "Build arguments are declared in the stage that uses them", RunChecks.ArgNotInStage) { NeedsReachedStage = true },
    ];

    private static IEnumerable<Check> Errors() => from check in new Check[]
    {
        new("IK3087", "InvalidImageName", "Names of images are well formed", BaseChecks.InvalidName) { NeedsReachedStage = true },
        new("IK3089", "BrokenExpansion", "Quotes are closed and substitutions are right", VariableChecks.Broken) { NeedsReachedStage = true },
    }
                                                  select check with { IsError = true };

    private static IEnumerable<Check> OnRequest() => from check in new Check[]
    {
        new("IK3083", "UnpinnedDigest", "Base images have a digest", BaseChecks.WithoutDigest) { NeedsReachedStage = true },
        new("IK3084", "PipeWithoutPipefail", "A failure in a pipe fails the RUN", RunChecks.PipeWithoutPipefail) { NeedsReachedStage = true },
        new("IK3085", "RemoteAddWithoutChecksum", "What ADD fetches has a checksum", FlagChecks.RemoteAdd),
        new("IK3086", "NumericStageReference", "Stages are referred to by name", BaseChecks.NumericReference),
    }
                                                     select check with { IsExperimental = true };
}

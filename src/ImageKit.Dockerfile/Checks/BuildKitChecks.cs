using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The checks that BuildKit has.</summary>
internal static class BuildKitChecks
{
    public static readonly ImmutableArray<Check> All =
    [
        .. from check in Rows()
           select check with { Help = check.Name == "InvalidBaseImagePlatform" ? null : new Uri($"https://docs.docker.com/go/dockerfile/rule/{check.Slug}/") },
    ];

    private static IEnumerable<Check> Rows() =>
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
        new("IK3051", "CopyIgnoredFile", "COPY and ADD name no file that is ignored", ContextChecks.IgnoredFile) { NeedsReachedStage = true },
        new("IK3052", "InvalidBaseImagePlatform", "The base image is for the platform that is built", BaseChecks.Platform) { NeedsReachedStage = true },
    ];
}

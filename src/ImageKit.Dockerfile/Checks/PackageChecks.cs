namespace ImageKit.Dockerfile;

/// <summary>Checks of apt, which RUN mostly runs.</summary>
internal static class PackageChecks
{
    private const string Lists = "/var/lib/apt/lists";

    public static IEnumerable<Violation> ListsKept(CheckedFile file)
    {
        HashSet<int> image = StagesOfImage(file);
        return from script in file.Scripts
               where image.Contains(script.Stage.Index) && script.Commands.Any(IsUpdate) && script.Commands.Any(IsInstall)
               where !RemovesLists(script.Commands) && !script.Run.Mounts.Any(CoversLists)
               select new Violation(script.Run.Span, "The lists of packages that apt fetched stay in the image", $"Add '&& rm -rf {Lists}/*' to this RUN, or mount a cache over them.");
    }

    public static IEnumerable<Violation> UpdateAlone(CheckedFile file) =>
        from stage in file.Scripts.GroupBy(script => script.Stage.Index)
        where stage.Any(script => script.Commands.Any(IsInstall))
        from script in stage
        where script.Commands.Any(IsUpdate) && !script.Commands.Any(command => IsApt(command) && !IsUpdate(command)) && !script.Run.Mounts.Any(CoversLists)
        select new Violation(
            script.Run.Span,
            "The cached result of this 'apt-get update' grows old, and the packages that a later RUN installs may be gone",
            "Put update and install into one RUN.");

    public static IEnumerable<Violation> WithoutYes(CheckedFile file) =>
        from script in file.Scripts
        where !script.Text.Contains("Assume-Yes", StringComparison.OrdinalIgnoreCase)
        from index in Enumerable.Range(0, script.Commands.Length)
        let command = script.Commands[index]
        where IsInstall(command) && !command.Arguments.Any(SaysYes) && !(index > 0 && script.Commands[index - 1].Separator == "|")
        select new Violation(script.Run.Span, $"'{command.Program} install' asks whether to go on, and nobody answers", $"Write '{command.Program} install -y'.");

    // The target and the stages below it: what is in other stages goes into no image.
    private static HashSet<int> StagesOfImage(CheckedFile file)
    {
        HashSet<int> stages = [];
        for (Stage? stage = file.Graph.Target; stage is not null && stages.Add(stage.Index);) stage = stage.Base is StageOutput { Index: int below } ? file.Graph.Stages[below] : null;
        return stages;
    }

    private static bool IsApt(ShellCommandWords command) => command.Program is "apt-get" or "apt";

    private static string? Verb(ShellCommandWords command)
    {
        bool isValue = false;
        foreach (string word in command.Arguments)
        {
            if (isValue || word.StartsWith('-')) isValue = !isValue && word is "-o" or "-t" or "-c";
            else return word;
        }

        return null;
    }

    private static bool IsUpdate(ShellCommandWords command) => IsApt(command) && Verb(command) == "update";

    private static bool IsInstall(ShellCommandWords command) => IsApt(command) && Verb(command) == "install";

    private static bool SaysYes(string word) =>
        word is "--yes" or "--assume-yes" or "-qq" or "--assume-no" or "--download-only" or "--simulate" or "--dry-run"
        || (word.Length > 1 && word[0] == '-' && word[1] != '-' && (word.Contains('y') || word.Contains("qq", StringComparison.Ordinal) || word.Contains('s') || word.StartsWith("-q=2", StringComparison.Ordinal)));

    private static bool RemovesLists(IEnumerable<ShellCommandWords> commands) => commands.Any(command =>
        command.Program is "rm" or "find" && command.Arguments.Any(word => word.Trim('"', '\'') is var path && (path.StartsWith(Lists, StringComparison.Ordinal) || path.TrimEnd('/', '*') is "/var/lib/apt" or "/var/lib")));

    private static bool CoversLists(MountFlag mount) => mount.Fields.Any(field =>
        field.Key.Text.ToLowerInvariant() is "target" or "dst" or "destination" && field.Value is { } path && (path.Text.TrimEnd('/') is var target && (target == Lists || Lists.StartsWith(target + "/", StringComparison.Ordinal))));
}

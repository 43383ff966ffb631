using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Checks of what RUN gives to a POSIX shell.</summary>
internal static class RunChecks
{
    private static readonly HashSet<string> OwnShellOnly = new(StringComparer.Ordinal) { "cd", "export", "source", ".", "alias", "set", "umask", "ulimit", "shopt", "pushd", "unset" };

    public static IEnumerable<Violation> HeredocWithoutErrexit(CheckedFile file) =>
        from script in file.Scripts
        where script.IsHeredoc && !script.StopsAtFailure
        where script.Commands.SkipLast(1).Any(command => command.Separator is "\n" or ";")
        select new Violation(
            script.Run.SoleHeredoc!.Opening.Span,
            "Only the last command of this heredoc decides whether RUN fails",
            "Write 'set -e' in its first line.");

    public static IEnumerable<Violation> LostShellState(CheckedFile file) =>
        from script in file.Scripts
        where !script.Commands.IsEmpty
            && script.Commands.All(command => OwnShellOnly.Contains(command.Program) || ShellCommandWords.AssignedName(command.All[command.ProgramIndex]) is not null)
        let program = script.Commands[0].Program
        select new Violation(
            script.Run.Span,
            $"What '{program}' changes ends with this RUN",
            program is "cd" or "pushd" ? "Write WORKDIR, or put it into the RUN that needs it." : "Write ENV, or put it into the RUN that needs it.");

    public static IEnumerable<Violation> PipeWithoutPipefail(CheckedFile file) =>
        from script in file.Scripts
        where !script.HasPipefail && script.Commands.Any(command => command.Separator == "|")
        select new Violation(script.Run.Span, "Only the last command of this pipe decides whether RUN fails", "Write SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"] before.");

    public static IEnumerable<Violation> MountWithoutTarget(CheckedFile file) =>
        from run in file.Syntax.Instructions.OfType<RunInstruction>()
        from mount in run.Mounts
        let type = mount.Fields.LastOrDefault(field => field.Key.AsSpan().Equals("type", StringComparison.OrdinalIgnoreCase)).Value?.Text ?? "bind"
        where type.ToLowerInvariant() is "bind" or "cache" or "tmpfs"
        where !mount.Fields.Any(field => field.Key.Text.ToLowerInvariant() is "target" or "dst" or "destination")
        select new Violation(mount.Span, "This mount has no target, so it hides the working directory; where that is '/', no build accepts it", "Write target= and a directory.");

    public static IEnumerable<Violation> ArgNotInStage(CheckedFile file)
    {
        foreach (StageScript script in file.Scripts)
        {
            HashSet<string> assigned = [.. script.Commands.SelectMany(AssignedNames)];
            foreach (string name in ShellVariables.UsedIn(script.Text).Distinct())
            {
                bool isGlobal = file.Graph.GlobalArgs.ContainsKey(name);
                if (!isGlobal && !PredefinedArguments.IsPlatform(name)) continue;
                if (assigned.Contains(name) || script.Variables.Find(name) is not null || MayComeFromImage(file, script.Stage, name)) continue;
                string why = isGlobal ? "is declared before FROM, which stages do not see" : "is seen in stages that declare it only";
                yield return new(script.Run.Span, $"Variable '${name}' is empty in this RUN: the build argument {why}", $"Write 'ARG {name}' in the stage.");
            }
        }
    }

    private static IEnumerable<string> AssignedNames(ShellCommandWords command)
    {
        IEnumerable<string> names = command.All.Take(command.ProgramIndex + 1).Select(ShellCommandWords.AssignedName).OfType<string>();
        if (!command.All.Any(word => word is "read" or "for" or "export" or "local" or "declare" or "readonly")) return names;
        return names.Concat(command.All).Concat(command.All.Select(ShellCommandWords.AssignedName).OfType<string>());
    }

    // Official images set NODE_VERSION, PYTHON_VERSION and the like themselves.
    private static bool MayComeFromImage(CheckedFile file, Stage stage, string name)
    {
        while (stage.Base is StageOutput { Index: int below }) stage = file.Graph.Stages[below];
        if (stage.Base is not ExternalSource outside || file.Options.ImageVariables(outside.Name) is not null || !name.EndsWith("_VERSION", StringComparison.Ordinal)) return false;
        return stage.From.Image.Text.Contains(name, StringComparison.Ordinal);
    }
}

using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile.Tests;

/// <summary>Prints a tree for the tables: one line an instruction, its parts behind it; then the diagnostics.</summary>
internal static class TreeDump
{
    public static string Print(DockerfileSyntax file)
    {
        StringBuilder text = new();
        foreach (ParserDirective directive in file.Directives) text.Append($"# {directive.Name}={directive.Value}\n");
        foreach (Instruction instruction in file.Instructions) text.Append($"{instruction.Span} {Describe(instruction)}\n");
        foreach (Diagnostic diagnostic in file.Diagnostics)
        {
            text.Append($"! {diagnostic.Span} {(diagnostic.Severity == Severity.Error ? "error" : "warning")} {diagnostic.Code} {diagnostic.Message}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    public static string Describe(Instruction instruction)
    {
        string extra = string.Concat(instruction.Comments.Select(comment => $" doc={Q(comment.Text)}"))
            + string.Concat(instruction.SkippedChecks.Select(check => $" skip={check}"))
            + string.Concat(instruction.Heredocs.Select(Describe));
        return $"{instruction.Name} {Body(instruction)}".TrimEnd() + extra;
    }

    private static string Describe(Heredoc heredoc) =>
        $" <<{heredoc.Name}{(heredoc.Expand ? "" : " raw")}{(heredoc.StripTabs ? " tabs" : "")}{(heredoc.FileDescriptor > 0 ? $" fd{heredoc.FileDescriptor}" : "")} {Q(heredoc.Content)}";

    private static string Body(Instruction instruction) => instruction switch
    {
        FromInstruction from => $"{Q(from.Image)}{Opt("platform", from.Platform)}{Opt("as", from.StageName)}",
        ArgInstruction arg => string.Join(' ', arg.Declarations.Select(one => one.Default is { } text ? $"{one.Name}={Q(text)}" : one.Name.Text)),
        EnvInstruction env => Pairs(env.Pairs) + (env.IsLegacyForm ? " legacy" : ""),
        LabelInstruction label => Pairs(label.Pairs) + (label.IsLegacyForm ? " legacy" : ""),
        CopyInstruction copy => Files(copy) + Opt("from", copy.From) + (copy.Parents ? " parents" : ""),
        AddInstruction add => Files(add) + Opt("checksum", add.Checksum) + Opt("keep-git-dir", add.KeepGitDirectory) + Opt("unpack", add.Unpack),
        RunInstruction run => Run(run),
        WorkdirInstruction workdir => Q(workdir.Path),
        UserInstruction user => Q(user.User),
        ExposeInstruction expose => Words(expose.Ports),
        VolumeInstruction volume => Words(volume.Paths),
        CmdInstruction cmd => Form(cmd.Command),
        EntrypointInstruction entrypoint => Form(entrypoint.Command),
        ShellInstruction shell => Words(shell.Shell),
        StopsignalInstruction stop => Q(stop.Signal),
        HealthcheckInstruction health => Health(health),
        OnbuildInstruction onbuild => $"[{Describe(onbuild.Trigger)}] text={Q(onbuild.TriggerText)}",
        MaintainerInstruction maintainer => Q(maintainer.Maintainer),
        _ => "invalid",
    };

    private static string Run(RunInstruction run) =>
        Form(run.Command)
        + string.Concat(run.Mounts.Select(mount => $" mount({string.Join(' ', mount.Fields.Select(field => field.Value is { } value ? $"{field.Key}={value}" : field.Key.Text))})"))
        + (run.Network == RunNetwork.Default ? "" : $" network={run.Network}")
        + (run.Security == RunSecurity.Sandbox ? "" : $" security={run.Security}")
        + string.Concat(run.Devices.Select(device => $" device={device.Name}{(device.IsRequired ? "!" : "")}"))
        + (run.SoleHeredoc is null ? "" : " sole")
        + (run.Heredocs.IsEmpty ? "" : $" shell={Q(run.ShellText!)}");

    private static string Health(HealthcheckInstruction health) => health.Command is null ? "NONE"
        : $"{Form(health.Command)} {health.Interval} {health.Timeout} {health.StartPeriod} {health.StartInterval} {health.Retries}";

    private static string Files(FileInstruction files) =>
        $"{Words(files.Sources)} -> {Q(files.Destination)}{(files.IsJson ? " json" : "")}{Opt("chown", files.Chown)}{Opt("chmod", files.Chmod)}"
        + (files.Link ? " link" : "") + string.Concat(files.Exclude.Select(word => $" exclude={Q(word)}"));

    private static string Form(CommandForm form) => form switch
    {
        ShellCommand shell => "sh " + Q(shell.Line),
        ExecCommand exec => $"exec [{Words(exec.Arguments)}]",
        _ => "?",
    };

    private static string Pairs(ImmutableArray<KeyValueWords> pairs) => string.Join(' ', pairs.Select(pair => $"{pair.Key}={Q(pair.Value)}"));

    private static string Words(ImmutableArray<Word> words) => string.Join(' ', words.Select(word => Q(word.Text)));

    private static string Opt(string name, Word? word) => word is { } value ? $" {name}={Q(value)}" : "";

    private static string Opt(string name, bool? value) => value is { } on ? $" {name}={(on ? "true" : "false")}" : "";

    private static string Q(Word word) => Q(word.Text);

    private static string Q(string text) => "‹" + CaseFile.Encode(text) + "›";
}

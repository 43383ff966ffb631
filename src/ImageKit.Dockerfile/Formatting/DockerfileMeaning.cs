using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>
/// What a file means apart from how it is written: instructions, flags, words, heredocs, directives, and the comments that outlines and checks read. Of shell
/// commands also the blanks between words do not count, where a POSIX shell reads them and they stand in no quotes.
/// </summary>
public static class DockerfileMeaning
{
    private const char Part = '\u0001';

    /// <summary>Whether two files mean the same.</summary>
    /// <param name="one">A file.</param>
    /// <param name="other">Another one.</param>
    public static bool AreSame(DockerfileSyntax one, DockerfileSyntax other) => FirstDifference(one, other, sortsLists: false) is null;

    /// <summary>Where the first file means something else than the second; null if nowhere.</summary>
    internal static SourceSpan? FirstDifference(DockerfileSyntax one, DockerfileSyntax other, bool sortsLists)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one.Escape != other.Escape || !Directives(one).SequenceEqual(Directives(other))) return default(SourceSpan);
        if (other.HasErrors != one.HasErrors) return default(SourceSpan);
        bool[] posix = PosixShells.Of(one);
        for (int i = 0; i < Math.Max(one.Instructions.Length, other.Instructions.Length); i++)
        {
            if (i >= one.Instructions.Length) return default(SourceSpan);
            if (i >= other.Instructions.Length) return one.Instructions[i].Span;
            if (Describe(one.Instructions[i], posix[i], sortsLists) != Describe(other.Instructions[i], posix[i], sortsLists)) return one.Instructions[i].Span;
        }

        return null;
    }

    private static IEnumerable<string> Directives(DockerfileSyntax file) => file.Directives.Select(directive => $"{directive.Name}={directive.Value.Text}");

    private static string Describe(Instruction instruction, bool isPosix, bool sortsLists)
    {
        List<string> parts = [instruction.Name, instruction.GetType().Name];
        parts.AddRange(instruction.Flags.Select(flag => $"--{flag.Name}={flag.Value?.Text ?? "\0"}"));
        parts.AddRange(Words(instruction, line => isPosix ? ShellBlanks.Collapse(line, sortsLists) : line));
        foreach (Heredoc heredoc in instruction.Heredocs) parts.AddRange([heredoc.Opening.Text, heredoc.Name, heredoc.Body]);
        parts.AddRange(instruction.Comments.Select(comment => "#" + comment.Text));
        parts.AddRange(instruction.SkippedChecks.Select(check => "skip " + check));
        return string.Join(Part, parts);
    }

    private static IEnumerable<string> Words(Instruction instruction, Func<string, string> shell) => instruction switch
    {
        FromInstruction from => [from.Image.Text, from.StageName?.Text ?? ""],
        ArgInstruction arg => arg.Declarations.Select(one => one.Default is { } text ? $"{one.Name.Text}={text.Text}" : one.Name.Text),
        EnvInstruction env => Pairs(env.Pairs, env.IsLegacyForm),
        LabelInstruction label => Pairs(label.Pairs, label.IsLegacyForm),
        FileInstruction files => [.. files.Sources.Select(word => word.Text), files.Destination.Text, files.IsJson ? "json" : ""],
        RunInstruction run => Form(run.Command, shell),
        CmdInstruction cmd => Form(cmd.Command, shell),
        EntrypointInstruction entrypoint => Form(entrypoint.Command, shell),
        HealthcheckInstruction health => health.Command is null ? ["NONE"] : Form(health.Command, shell),
        ShellInstruction own => own.Shell.Select(word => word.Text),
        WorkdirInstruction workdir => [workdir.Path.Text],
        UserInstruction user => [user.User.Text],
        StopsignalInstruction stop => [stop.Signal.Text],
        ExposeInstruction expose => expose.Ports.Select(word => word.Text),
        VolumeInstruction volume => volume.Paths.Select(word => word.Text),
        MaintainerInstruction maintainer => [maintainer.Maintainer.Text],
        // The image's config holds it as it is written.
        OnbuildInstruction onbuild => [onbuild.TriggerText],
        _ => [instruction.Text],
    };

    private static IEnumerable<string> Pairs(ImmutableArray<KeyValueWords> pairs, bool isLegacy) =>
        pairs.Select(pair => $"{pair.Key.Text}={pair.Value.Text}").Append(isLegacy ? "legacy" : "");

    private static IEnumerable<string> Form(CommandForm form, Func<string, string> shell) => form switch
    {
        ShellCommand command => ["shell", shell(command.Line.Text)],
        ExecCommand exec => exec.Arguments.Select(word => word.Text).Prepend("exec"),
        _ => [],
    };
}

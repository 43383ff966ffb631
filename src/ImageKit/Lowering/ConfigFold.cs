using System.Collections.Immutable;
using System.Globalization;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Lowering;

/// <summary>Instructions that change the configuration alone; each writes its line of history as BuildKit does.</summary>
internal sealed class ConfigFold(LoweringInput input)
{
    public StageState Apply(StageState state, Instruction instruction) => instruction switch
    {
        LabelInstruction label => Label(state, label),
        CmdInstruction cmd => Cmd(state, cmd),
        EntrypointInstruction entrypoint => Entrypoint(state, entrypoint),
        ShellInstruction shell => Shell(state, shell),
        UserInstruction user => User(state, user),
        ExposeInstruction expose => Expose(state, expose),
        VolumeInstruction volume => Volume(state, volume),
        StopsignalInstruction signal => Stopsignal(state, signal),
        HealthcheckInstruction healthcheck => Healthcheck(state, healthcheck),
        MaintainerInstruction maintainer => Done(state with { Image = state.Image with { Author = maintainer.Maintainer.Text } }, $"MAINTAINER {maintainer.Maintainer.Text}"),
        _ => throw new BuildException("IK4005", $"{instruction.Name} is not supported here.", "", "Remove it."),
    };

    private StageState Label(StageState state, LabelInstruction label)
    {
        ImmutableSortedDictionary<string, string> labels = state.Config.Labels ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        List<string> written = [];
        foreach (KeyValueWords pair in label.Pairs)
        {
            string key = Texts.Expand(pair.Key, state, input), value = Texts.Expand(pair.Value, state, input);
            labels = labels.SetItem(key, value);
            written.Add($"{key}={value}");
        }
        return Done(state.With(state.Config with { Labels = labels }), $"LABEL {string.Join(' ', written)}");
    }

    private StageState Cmd(StageState state, CmdInstruction cmd)
    {
        ImmutableArray<string> arguments = Arguments(state, cmd.Command);
        ContainerConfig config = state.Config with { Cmd = arguments.IsEmpty ? null : arguments, ArgsEscaped = true };
        return Done(state.With(config) with { HasOwnCommand = true }, $"CMD {GoQuote.QuoteAll(arguments)}");
    }

    private StageState Entrypoint(StageState state, EntrypointInstruction entrypoint)
    {
        ImmutableArray<string> arguments = Arguments(state, entrypoint.Command);
        // An inherited CMD belongs to the inherited ENTRYPOINT.
        ContainerConfig config = state.Config with { Entrypoint = arguments.IsEmpty ? null : arguments, Cmd = state.HasOwnCommand ? state.Config.Cmd : null };
        return Done(state.With(config), $"ENTRYPOINT {GoQuote.QuoteAll(arguments)}");
    }

    private StageState Shell(StageState state, ShellInstruction shell)
    {
        ImmutableArray<string> words = [.. shell.Shell.Select(word => word.Text)];
        return Done(state.With(state.Config with { Shell = words }), $"SHELL [{string.Join(' ', words)}]");
    }

    private StageState User(StageState state, UserInstruction user)
    {
        string text = Texts.Expand(user.User, state, input);
        if (text.Length == 0) throw Texts.Fault(user.User, "USER is empty", input);
        return Done(state.With(state.Config with { User = text }), $"USER {text}");
    }

    private StageState Expose(StageState state, ExposeInstruction expose)
    {
        SortedSet<string> ports = new(StringComparer.Ordinal);
        foreach (Word word in expose.Ports)
            foreach (string text in Texts.ExpandWords(word, state, input))
            {
                if (ExposedPort.Parse(text, out ImmutableArray<ExposedPort> parsed) is { } fault) throw Texts.Fault(word, fault, input);
                ports.UnionWith(parsed.Select(port => port.ToString()));
            }
        ImmutableSortedSet<string> all = (state.Config.ExposedPorts ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Union(ports);
        return Done(state.With(state.Config with { ExposedPorts = all }), $"EXPOSE [{string.Join(' ', ports)}]");
    }

    private StageState Volume(StageState state, VolumeInstruction volume)
    {
        List<string> paths = [];
        foreach (Word word in volume.Paths)
        {
            string path = Texts.Expand(word, state, input);
            paths.Add(path.Length > 0 ? path : throw Texts.Fault(word, "VOLUME specified can not be an empty string", input));
        }
        ImmutableSortedSet<string> all = (state.Config.Volumes ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Union(paths);
        return Done(state.With(state.Config with { Volumes = all }), $"VOLUME [{string.Join(' ', paths)}]");
    }

    private StageState Stopsignal(StageState state, StopsignalInstruction instruction)
    {
        string signal = Texts.Expand(instruction.Signal, state, input);
        if (!SignalName.IsValid(signal)) throw Texts.Fault(instruction.Signal, $"'{signal}' is no signal", input, "Write a name such as SIGTERM, or a number.");
        return Done(state.With(state.Config with { StopSignal = signal }), $"STOPSIGNAL {signal}");
    }

    private StageState Healthcheck(StageState state, HealthcheckInstruction check)
    {
        ImmutableArray<string> test = check.Command switch
        {
            null => ["NONE"],
            ShellCommand shell => ["CMD-SHELL", shell.Line.Text],
            ExecCommand exec => ["CMD", .. exec.Arguments.Select(word => word.Text)],
            _ => throw new InvalidOperationException("An unknown form of a command."),
        };
        HealthcheckConfig config = new()
        {
            Test = test,
            Interval = OrInherited(check.Interval),
            Timeout = OrInherited(check.Timeout),
            StartPeriod = OrInherited(check.StartPeriod),
            StartInterval = OrInherited(check.StartInterval),
            Retries = check.Retries == 0 ? null : check.Retries,
        };
        string numbers = string.Create(CultureInfo.InvariantCulture, $"{check.Interval} {check.Timeout} {check.StartPeriod} {check.StartInterval} {check.Retries}");
        return Done(state.With(state.Config with { Healthcheck = config }), $"HEALTHCHECK {{[{string.Join(' ', test)}] {numbers}}}");
    }

    private static ImmutableArray<string> Arguments(StageState state, CommandForm command) => command switch
    {
        ShellCommand shell => [.. state.Shell, shell.Line.Text],
        ExecCommand exec => [.. exec.Arguments.Select(word => word.Text)],
        _ => throw new InvalidOperationException("An unknown form of a command."),
    };

    private static long? OrInherited(DurationText duration) => duration.Nanoseconds == 0 ? null : duration.Nanoseconds;

    private StageState Done(StageState state, string createdBy) => state.WithHistory(History.Metadata(createdBy, input.Time));
}

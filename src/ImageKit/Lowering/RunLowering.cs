using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>Lowers RUN: the command, its environment and its mounts.</summary>
internal sealed class RunLowering(LoweringInput input, Lowerer lowerer, Stage stage)
{
    private static readonly ImmutableArray<string> Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

    public RunOperation Lower(StageState state, RunInstruction run)
    {
        if (run.Security == RunSecurity.Insecure) throw Unsupported("RUN --security=insecure", "Commands run with Docker's default capabilities.");
        if (!run.Devices.IsEmpty) throw Unsupported("RUN --device", "Devices of the machine cannot be handed to commands yet.");
        MountLowering mounts = new(input, lowerer, stage, state);
        foreach (MountFlag mount in run.Mounts) mounts.Add(mount);
        ImmutableArray<string> arguments = Arguments(state, run, mounts);
        return new RunOperation(state.Head, arguments)
        {
            Environment = [.. state.Variables.Where(variable => !IsUndeclaredProxy(state, variable.Name)).Select(variable => variable.ToString())],
            UnkeyedEnvironment = [.. ProxyVariables(state), .. mounts.Environment],
            WorkingDirectory = state.WorkingDirectory,
            User = state.Config.User,
            Hostname = input.BuildArgs.TryGetValue("BUILDKIT_SANDBOX_HOSTNAME", out string? name) && name.Length > 0 ? name : "buildkitsandbox",
            NoNetwork = run.Network == RunNetwork.None,
            Mounts = mounts.Specs,
            Platform = input.Platform.ToString(),
            Time = input.Time,
        };
    }

    public static BuildException Unsupported(string flag, string why) => new("IK4005", $"{flag} is not supported.", why, "Do without it.");

    private ImmutableArray<string> Arguments(StageState state, RunInstruction run, MountLowering mounts)
    {
        if (run.Command is ExecCommand exec) return [.. exec.Arguments.Select(word => word.Text)];
        if (run.SoleHeredoc is not { } script || !script.Content.StartsWith("#!", StringComparison.Ordinal)) return [.. state.Shell, run.ShellText!];
        // A script with an interpreter of its own is run as a file.
        string path = $"/dev/pipes/{script.Name}";
        CopyOperation file = new(new ScratchOperation(), new ScratchOperation(), [], "/")
        {
            Inline = [new InlineFile(script.Name, script.Content)],
            Chmod = FileModeChange.Parse("0755", out _),
            ChmodText = "0755",
            Time = input.Time,
        };
        mounts.Add(new BindMountSpec(path, file, "/" + script.Name, ReadOnly: true));
        return [.. state.Shell, path];
    }

    private static bool IsUndeclaredProxy(StageState state, string name) => Proxies.Contains(name.ToUpperInvariant()) && !state.Arguments.Any(argument => argument.Name == name)
        && !(state.Config.Env ?? []).Any(text => text.StartsWith(name + "=", StringComparison.Ordinal));

    // Set in both cases, as programs read either.
    private IEnumerable<string> ProxyVariables(StageState state)
    {
        foreach (string name in Proxies)
        {
            string lower = name.ToLowerInvariant();
            if (!input.BuildArgs.TryGetValue(name, out string? value) && !input.BuildArgs.TryGetValue(lower, out value)) continue;
            if (state.Lookup(name) is null) yield return $"{name}={value}";
            if (state.Lookup(lower) is null) yield return $"{lower}={value}";
        }
    }
}

using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>What each instruction does to the state of its stage.</summary>
internal sealed class InstructionFold(LoweringInput input, Lowerer lowerer, Stage stage, StageSteps steps, LayerCompression? compression)
{
    private readonly RunLowering _run = new(input, lowerer, stage);
    private readonly CopyLowering _copy = new(input, lowerer, stage, compression);

    public StageState Apply(StageState state, Instruction instruction) => instruction switch
    {
        RunInstruction run => Run(state, run),
        FileInstruction file => Copy(state, file),
        WorkdirInstruction workdir => Workdir(state, workdir),
        ArgInstruction arg => Arg(state, arg),
        EnvInstruction env => Env(state, env),
        OnbuildInstruction onbuild => state.With(state.Config with { OnBuild = (state.Config.OnBuild ?? []).Add(onbuild.TriggerText) }),
        _ => new ConfigFold(input).Apply(state, instruction),
    };

    private StageState Run(StageState state, RunInstruction run)
    {
        RunOperation operation = _run.Lower(state, run);
        string arguments = string.Concat(state.Arguments.Select(argument => argument.Name).Distinct().Select(name => $"{name}={state.Lookup(name)} "));
        int count = state.Arguments.Select(argument => argument.Name).Distinct().Count();
        string createdBy = $"RUN {(count > 0 ? $"|{count} " : "")}{arguments}{string.Join(' ', operation.Arguments)}";
        return (state with { Head = operation with { Step = Step(run) } }).WithHistory(History.Layer(createdBy, input.Time));
    }

    private StageState Copy(StageState state, FileInstruction file)
    {
        (CopyOperation operation, string createdBy) = _copy.Lower(state, file);
        return (state with { Head = operation with { Step = Step(file) } }).WithHistory(History.Layer(createdBy, input.Time));
    }

    private StageState Workdir(StageState state, WorkdirInstruction workdir)
    {
        string path = Paths.Absolute(state.WorkingDirectory, Texts.Expand(workdir.Path, state, input));
        StageState moved = state.With(state.Config with { WorkingDir = path });
        // The root is there always.
        if (path == "/") return moved.WithHistory(History.Metadata($"WORKDIR {path}", input.Time));
        Operation made = new WorkdirOperation(state.Head, path, state.Config.User, input.Time) { Compression = compression, Step = Step(workdir) };
        return (moved with { Head = made }).WithHistory(History.Layer($"WORKDIR {path}", input.Time, marked: false));
    }

    private StageState Arg(StageState state, ArgInstruction arg)
    {
        List<string> written = [];
        foreach (ArgDeclaration declaration in arg.Declarations)
        {
            string name = declaration.Name.Text;
            string? value = ValueOf(state, declaration);
            if (value is not null) state = state.WithVariable(name, value);
            state = state with { Arguments = state.Arguments.Add(new(name, value)) };
            written.Add(value is null ? name : $"{name}={value}");
        }
        return state.WithHistory(History.Metadata($"ARG {string.Join(' ', written)}", input.Time));
    }

    // A build argument wins; a default is expanded only if it is needed, so that its ${X:?} does not fail in vain.
    private string? ValueOf(StageState state, ArgDeclaration declaration)
    {
        string name = declaration.Name.Text;
        if (input.BuildArgs.TryGetValue(name, out string? given)) return given;
        if (declaration.Default is { } fallback) return Texts.Expand(fallback, state, input);
        return input.Graph.GlobalArgs.TryGetValue(name, out string? global) ? global : input.Predefined(name);
    }

    private StageState Env(StageState state, EnvInstruction env)
    {
        StageState before = state; // one instruction sees the environment from before it
        List<string> written = [];
        ImmutableArray<string> environment = state.Config.Env ?? [];
        foreach (KeyValueWords pair in env.Pairs)
        {
            string key = Texts.Expand(pair.Key, before, input), value = Texts.Expand(pair.Value, before, input);
            state = state.WithVariable(key, value);
            int at = IndexOf(environment, key);
            environment = at < 0 ? environment.Add($"{key}={value}") : environment.SetItem(at, $"{key}={value}");
            written.Add($"{key}={value}");
        }
        return state.With(state.Config with { Env = environment }).WithHistory(History.Metadata($"ENV {string.Join(' ', written)}", input.Time));
    }

    private static int IndexOf(ImmutableArray<string> environment, string key)
    {
        for (int i = 0; i < environment.Length; i++)
            if (environment[i].StartsWith(key + "=", StringComparison.Ordinal)) return i;
        return -1;
    }

    private BuildStep Step(Instruction instruction) =>
        new(lowerer.NextStep(), steps.Name(Texts.OneLine(instruction)), instruction.Span.Line) { File = input.File, Span = instruction.Span };
}

using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>Turns stages into operations and a configuration: a fold over their instructions that does no I/O.</summary>
internal sealed class Lowerer(LoweringInput input)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private readonly Dictionary<int, StageState> _stages = [];
    private int _step = input.FirstStep;

    /// <exception cref="BuildException">An instruction cannot be carried out (IK40xx); says where.</exception>
    public static LoweredImage Lower(LoweringInput input) => new Lowerer(input).Run();

    private LoweredImage Run()
    {
        foreach (Stage stage in input.Graph.Needed) _stages[stage.Index] = Fold(stage);
        StageState target = _stages[input.Graph.Target!.Index];
        ImmutableSortedDictionary<string, string> labels = target.Config.Labels ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (input.Labels.Count > 0) target = target.With(target.Config with { Labels = labels.SetItems(input.Labels) });
        ImageConfig config = target.Image with { Created = History.Time(input.Time) };
        return new(input.Platform, target.Head, config, target.BaseReference, _step);
    }

    private StageState Fold(Stage stage)
    {
        bool isTarget = stage.Index == input.Graph.Target!.Index || IsBelowTarget(stage);
        StageSteps steps = new(input, stage, StageSteps.Count(stage));
        StageState state = Begin(stage, steps);
        InstructionFold fold = new(input, this, stage, steps, isTarget ? input.Compression : null);
        foreach (Instruction instruction in stage.AllInstructions)
        {
            try
            {
                state = fold.Apply(state, instruction);
            }
            catch (BuildException e) when (e.File is null) // says where
            {
                throw Located(e, instruction);
            }
        }
        return state;
    }

    /// <summary>The next step's number.</summary>
    public int NextStep() => _step++;

    /// <summary>The files that `--from` or a mount's `from` means.</summary>
    public Operation Files(Stage user, string name) => input.Graph.Resolve(user, name) switch
    {
        StageOutput stage => _stages[stage.Index].Head,
        ScratchSource => new ScratchOperation(),
        ExternalSource outside => Find(outside.Name, null) switch
        {
            OutsideImage image => image.Operation,
            OutsideDirectory directory => directory.Operation,
            _ => throw new InvalidOperationException("An unknown kind of name."),
        },
        _ => throw new InvalidOperationException("An unknown kind of source."),
    };

    private StageState Begin(Stage stage, StageSteps steps)
    {
        if (stage.Base is StageOutput below)
        {
            // The stage's own ARGs and ENVs go on; its triggers have been handed to the graph.
            StageState state = _stages[below.Index];
            return state.With(state.Config with { OnBuild = null }) with { HasOwnCommand = false };
        }
        if (stage.Base is ScratchSource) return WithPath(new StageState { Head = new ScratchOperation(), Image = Empty(stage) });
        string name = ((ExternalSource)stage.Base).Name;
        return Find(name, stage.Platform) switch
        {
            OutsideImage image => WithPath(new StageState
            {
                Head = Step(image.Operation, steps.Name($"FROM {image.Display}"), stage.From),
                Image = Inherit(image.Config),
                BaseReference = image.Reference,
            }),
            OutsideDirectory directory => WithPath(new StageState { Head = OnScratch(directory.Operation), Image = Empty(stage) }),
            _ => throw new InvalidOperationException("An unknown kind of name."),
        };
    }

    private OutsideName Find(string name, string? platform) => input.Names[new(name, platform ?? input.Platform.ToString())];

    private Operation Step(Operation operation, string name, Instruction from) =>
        operation with { Step = new BuildStep(NextStep(), name, from.Span.Line) { File = input.File, Span = from.Span } };

    // FROM a directory: its files on an empty root.
    private CopyOperation OnScratch(Operation directory) => new(new ScratchOperation(), directory, ["."], "/") { Time = input.Time };

    private ImageConfig Empty(Stage stage)
    {
        Platform platform = Platform.TryParse(stage.Platform, null, out Platform? own) ? own : input.Platform;
        return new()
        {
            Architecture = platform.Architecture,
            Os = platform.Os,
            Variant = platform.Variant,
            OsVersion = platform.OsVersion,
            Config = new() { WorkingDir = "/" },
            Rootfs = new() { DiffIds = [] },
        };
    }

    private static ImageConfig Inherit(ImageConfig image)
    {
        ContainerConfig config = image.Config ?? new();
        return new()
        {
            Architecture = image.Architecture,
            Os = image.Os,
            Variant = image.Variant,
            OsVersion = image.OsVersion,
            OsFeatures = image.OsFeatures,
            Author = image.Author,
            History = image.History,
            Config = config with { OnBuild = null },
            Rootfs = new() { DiffIds = [] },
        };
    }

    private StageState WithPath(StageState state)
    {
        ImmutableArray<string> environment = state.Config.Env ?? [];
        if (input.Platform.Os != "windows" && !environment.Any(text => text.StartsWith("PATH=", StringComparison.Ordinal)))
            environment = environment.Add($"PATH={DefaultPath}");
        state = state.With(state.Config with { Env = environment });
        foreach (string text in environment)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            state = state.WithVariable(equals < 0 ? text : text[..equals], equals < 0 ? "" : text[(equals + 1)..]);
        }
        return state;
    }

    private bool IsBelowTarget(Stage stage)
    {
        for (StageSource source = input.Graph.Target!.Base; source is StageOutput below; source = input.Graph.Stages[below.Index].Base)
            if (below.Index == stage.Index) return true;
        return false;
    }

    private BuildException Located(BuildException e, Instruction instruction) =>
        new(e.Code, e.What, e.Why, e.Mend, e.InnerException) { File = input.File, Span = instruction.Span };
}

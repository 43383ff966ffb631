using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The stages of a Dockerfile and what they need of each other, for one target and one platform.</summary>
/// <remarks>A named context that is called like a stage replaces it; that is for the caller to see to.</remarks>
public sealed class StageGraph
{
    private readonly StageNames _names;
    private readonly GlobalScope _scope;
    private readonly ImmutableArray<Diagnostic> _fileDiagnostics;

    internal StageGraph(GlobalScope scope, StageNames names, ImmutableArray<Stage> stages, Stage? target, ImmutableArray<Diagnostic> diagnostics)
    {
        _scope = scope;
        _names = names;
        _fileDiagnostics = diagnostics;
        Stages = stages;
        Target = target;
        (Needed, ImmutableArray<Diagnostic> found) = StageWalk.Run(this);
        Diagnostics = [.. diagnostics, .. found];
    }

    /// <summary>All stages in file order.</summary>
    public ImmutableArray<Stage> Stages { get; }

    /// <summary>The stage to be built; null if there is no such stage (then a diagnostic says so).</summary>
    public Stage? Target { get; }

    /// <summary>The stages that the target needs, itself last, each after those it needs.</summary>
    public ImmutableArray<Stage> Needed { get; }

    /// <summary>Values of the ARGs before the first FROM, build arguments considered; null where one has no value at all.</summary>
    public ImmutableDictionary<string, string?> GlobalArgs => _scope.Declared;

    /// <summary>What is wrong: unknown target, cycles, stages used before they are defined, FROMs that do not expand.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Finds the stages and resolves what they are based on.</summary>
    /// <param name="file">The file; faulty instructions in it are passed over.</param>
    /// <param name="options">Target and arguments.</param>
    public static StageGraph Create(DockerfileSyntax file, StageGraphOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        return StageGraphBuilder.Build(file, options);
    }

    /// <summary>Value that <c>ARG name</c> without a default takes in a stage if no build argument is given: that of the global ARG, or the predefined one.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The value; null if it has none.</returns>
    public string? GlobalValue(string name) => _scope.Find(name);

    /// <summary>What the value of <c>COPY --from</c> or of a mount's <c>from</c> means in a stage.</summary>
    /// <param name="user">The stage that uses it.</param>
    /// <param name="name">The value: name (in any case) or number of a stage, named context or image.</param>
    /// <remarks>A number that no stage has is taken for a name; a diagnostic reports it.</remarks>
    public StageSource Resolve(Stage user, string name)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(name);
        return _names.Find(name, user.Index) is { } index ? new StageOutput(index) : ExternalOrScratch(name);
    }

    /// <summary>The name of a stage that is spelled nearly like a name, for errors about images that do not exist.</summary>
    /// <param name="name">The mistyped name.</param>
    /// <returns>The stage's name; null if none is near.</returns>
    public string? NearestStage(string name) => _names.Nearest(name);

    /// <summary>The same graph after the ONBUILD triggers of images became known; <see cref="Needed"/> may grow by them.</summary>
    /// <param name="triggers">Triggers of the base image by <see cref="Stage.Index"/>, as the image's config stores them.</param>
    public StageGraph WithTriggers(IReadOnlyDictionary<int, ImmutableArray<string>> triggers)
    {
        ArgumentNullException.ThrowIfNull(triggers);
        List<Diagnostic> faults = [];
        ImmutableArray<Stage>.Builder stages = Stages.ToBuilder();
        foreach ((int index, ImmutableArray<string> texts) in triggers)
        {
            Stage stage = stages[index];
            ImmutableArray<Instruction>.Builder parsed = ImmutableArray.CreateBuilder<Instruction>();
            foreach (string text in texts)
            {
                DockerfileSyntax file = DockerfileParser.ParseTrigger(text);
                parsed.AddRange(file.Instructions);
                faults.AddRange(file.Diagnostics.Where(fault => fault.Severity == Severity.Error).Select(fault => GraphFaults.Trigger(stage, text, fault)));
            }

            stages[index] = stage with { Triggers = parsed.ToImmutable() };
        }

        Stage? target = Target is null ? null : stages[Target.Index];
        return new(_scope, _names, stages.ToImmutable(), target, [.. _fileDiagnostics, .. faults]);
    }

    /// <summary>As <see cref="GlobalValue"/>, but empty for an argument that is declared and has no value.</summary>
    internal string? GlobalOrEmpty(string name) => _scope.Find(name) ?? (_scope.Declared.ContainsKey(name) ? "" : null);

    internal static StageSource ExternalOrScratch(string name) => name == "scratch" ? new ScratchSource() : new ExternalSource(name);
}

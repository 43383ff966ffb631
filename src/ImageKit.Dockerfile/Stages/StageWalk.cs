using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Walks from stage to stage along what they use. Without recursion: a file may have ten thousand stages, one on the other.</summary>
internal sealed class StageWalk
{
    private enum Mark
    {
        New,
        Open,
        Done,
    }

    private readonly StageGraph _graph;
    private readonly Mark[] _marks;
    private readonly ImmutableArray<Stage>.Builder _order = ImmutableArray.CreateBuilder<Stage>();
    private readonly List<Diagnostic> _faults = [];
    private bool _cyclic;

    private StageWalk(StageGraph graph)
    {
        _graph = graph;
        _marks = new Mark[graph.Stages.Length];
    }

    /// <summary>The stages that the target needs, in building order, and what is wrong with their uses; cycles count in all stages.</summary>
    public static (ImmutableArray<Stage> Needed, ImmutableArray<Diagnostic> Faults) Run(StageGraph graph)
    {
        StageWalk walk = new(graph);
        if (graph.Target is { } target) walk.Visit(target);
        ImmutableArray<Stage> needed = walk._order.ToImmutable();
        if (!walk._cyclic)
        {
            foreach (Stage stage in needed) walk.CheckOrder(stage);
        }

        foreach (Stage stage in graph.Stages) walk.Visit(stage);
        return (needed, [.. walk._faults]);
    }

    private void Visit(Stage root)
    {
        if (_marks[root.Index] != Mark.New) return;
        Stack<(Stage Stage, IEnumerator<StageUse> Uses)> path = new();
        Open(root, path);
        while (path.TryPeek(out (Stage Stage, IEnumerator<StageUse> Uses) top))
        {
            if (!top.Uses.MoveNext())
            {
                path.Pop();
                _marks[top.Stage.Index] = Mark.Done;
                _order.Add(top.Stage);
                continue;
            }

            if (top.Uses.Current.Source is not StageOutput { Index: int index }) continue;
            if (_marks[index] == Mark.New)
            {
                Open(_graph.Stages[index], path);
            }
            else if (_marks[index] == Mark.Open)
            {
                _cyclic = true;
                _faults.Add(GraphFaults.Cycle(top.Uses.Current.Span, _graph.Stages[index]));
            }
        }
    }

    private void Open(Stage stage, Stack<(Stage, IEnumerator<StageUse>)> path)
    {
        _marks[stage.Index] = Mark.Open;
        path.Push((stage, StageUse.All(_graph, stage).GetEnumerator()));
    }

    private void CheckOrder(Stage stage)
    {
        foreach (StageUse use in StageUse.All(_graph, stage))
        {
            if (use.Source is StageOutput { Index: int index } && index > stage.Index) _faults.Add(GraphFaults.NotYetDefined(use, stage));
            else if (use.Source is ExternalSource && StageNames.TryNumber(use.Name, out _)) _faults.Add(GraphFaults.NoSuchNumber(use));
        }
    }
}

/// <summary>A place in a stage that uses another stage or an image.</summary>
/// <param name="Source">What is used.</param>
/// <param name="Name">As it is written.</param>
/// <param name="Span">Where it is written.</param>
/// <param name="IsMount">Whether it is a mount.</param>
internal readonly record struct StageUse(StageSource Source, string Name, SourceSpan Span, bool IsMount)
{
    public static IEnumerable<StageUse> All(StageGraph graph, Stage stage)
    {
        if (stage.Base is StageOutput) yield return new(stage.Base, stage.From.Image.Text, stage.From.Image.Span, false);
        // A trigger of an image has places in its own text only; the stage's FROM brought it in.
        int foreignCount = stage.Base is StageOutput ? 0 : stage.Triggers.Length;
        foreach (Instruction instruction in stage.AllInstructions)
        {
            bool foreign = foreignCount-- > 0;
            // Most instructions use no other stage: they are passed over without a look at their words.
            if (instruction is not (CopyInstruction or RunInstruction { Options: not null })) continue;
            foreach (Word word in Named(instruction)) yield return new(graph.Resolve(stage, word.Text), word.Text, foreign ? stage.From.Span : word.Span, instruction is RunInstruction);
        }
    }

    private static IEnumerable<Word> Named(Instruction instruction) => instruction switch
    {
        CopyInstruction { From: { } from } => [from],
        RunInstruction run => run.Mounts.Select(mount => mount.From).OfType<Word>().Where(word => word.Text.Length > 0),
        _ => [],
    };
}

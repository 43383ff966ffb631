using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Cuts a file into stages and expands their FROM lines.</summary>
internal static class StageGraphBuilder
{
    public static StageGraph Build(DockerfileSyntax file, StageGraphOptions options)
    {
        List<Diagnostic> faults = [];
        int first = file.Instructions.IndexOf(file.Instructions.FirstOrDefault(instruction => instruction is FromInstruction)!);
        if (first < 0) first = file.Instructions.Length;
        List<(FromInstruction From, ImmutableArray<Instruction> Instructions)> cut = Cut(file.Instructions, first);
        GlobalScope scope = new(options, TargetStageName(options, cut.Count == 0 ? null : cut[^1].From));
        foreach (ArgInstruction arg in file.Instructions.Take(first).OfType<ArgInstruction>()) scope = scope.Declare(arg, file.Escape, faults);

        StageNames names = new();
        ImmutableArray<Stage>.Builder stages = ImmutableArray.CreateBuilder<Stage>(cut.Count);
        Dictionary<int, ImmutableArray<Instruction>> triggers = [];
        foreach ((FromInstruction from, ImmutableArray<Instruction> instructions) in cut)
        {
            string? name = from.StageName?.Text.ToLowerInvariant();
            StageSource source = Base(from, stages.Count, names, scope, file.Escape, faults);
            stages.Add(new()
            {
                Index = stages.Count,
                Name = name,
                From = from,
                Instructions = instructions,
                Base = source,
                Platform = Platform(from, scope, file.Escape, faults),
                Triggers = source is StageOutput { Index: int index } ? TriggersOf(stages[index], triggers) : [],
            });
            names.Add(name);
        }

        Stage? target = Target(options.Target, stages, names, faults);
        return new(scope, names, stages.ToImmutable(), target, [.. faults]);
    }

    private static List<(FromInstruction, ImmutableArray<Instruction>)> Cut(ImmutableArray<Instruction> all, int first)
    {
        List<(FromInstruction, ImmutableArray<Instruction>)> stages = [];
        for (int i = first; i < all.Length;)
        {
            int end = i + 1;
            while (end < all.Length && all[end] is not FromInstruction) end++;
            stages.Add(((FromInstruction)all[i], all[(i + 1)..end]));
            i = end;
        }

        return stages;
    }

    private static string TargetStageName(StageGraphOptions options, FromInstruction? last) =>
        !string.IsNullOrEmpty(options.Target) ? options.Target : last?.StageName?.Text.ToLowerInvariant() ?? "default";

    private static StageSource Base(FromInstruction from, int index, StageNames names, GlobalScope scope, char escape, List<Diagnostic> faults)
    {
        ExpansionResult image = Expansion.Expand(from.Image.Text, scope.Find, escape);
        if (image.Error is { } error) faults.Add(GraphFaults.Expansion(from.Image, error));
        else if (image.Text.Length == 0) faults.Add(GraphFaults.BlankBase(from.Image));
        return names.FindBase(image.Text, index) is { } stage ? new StageOutput(stage) : StageGraph.ExternalOrScratch(image.Text);
    }

    private static string? Platform(FromInstruction from, GlobalScope scope, char escape, List<Diagnostic> faults)
    {
        if (from.Platform is not { } word) return null;
        ExpansionResult platform = Expansion.Expand(word.Text, scope.Find, escape);
        if (platform.Error is { } error) faults.Add(GraphFaults.Expansion(word, error));
        else if (platform.Text.Length == 0) faults.Add(GraphFaults.EmptyPlatform(word));
        return platform.Text;
    }

    // Only the base's own triggers; those it inherited were used up when it was built. Stages on one base share them.
    private static ImmutableArray<Instruction> TriggersOf(Stage stage, Dictionary<int, ImmutableArray<Instruction>> known)
    {
        if (!known.TryGetValue(stage.Index, out ImmutableArray<Instruction> triggers))
            known[stage.Index] = triggers = [.. stage.Instructions.OfType<OnbuildInstruction>().Select(onbuild => onbuild.Trigger)];
        return triggers;
    }

    private static Stage? Target(string? name, ImmutableArray<Stage>.Builder stages, StageNames names, List<Diagnostic> faults)
    {
        if (stages.Count == 0) return null;
        if (string.IsNullOrEmpty(name)) return stages[^1];
        if (names.Find(name, stages.Count) is { } index) return stages[index];
        faults.Add(GraphFaults.UnknownTarget(name, names.All));
        return null;
    }
}

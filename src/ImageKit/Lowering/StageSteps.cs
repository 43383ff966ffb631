using ImageKit.Dockerfile;

namespace ImageKit.Lowering;

/// <summary>Names the steps of one stage: `[build 2/5] RUN make`.</summary>
internal sealed class StageSteps(LoweringInput input, Stage stage, int count)
{
    private int _done;

    /// <summary>How many steps a stage has: its base, if it is an image, and what makes layers.</summary>
    public static int Count(Stage stage) => (stage.Base is ExternalSource ? 1 : 0)
        + stage.AllInstructions.Count(instruction => instruction is RunInstruction or CopyInstruction or AddInstruction or WorkdirInstruction);

    /// <summary>The name of the next step.</summary>
    public string Name(string text)
    {
        string prefix = input.StepPrefix.Length > 0 ? $"{input.StepPrefix} " : "";
        string name = stage.Name ?? (input.Graph.Stages.Length > 1 ? $"stage-{stage.Index}" : "");
        return $"[{prefix}{(name.Length > 0 ? name + " " : "")}{++_done}/{count}] {text}";
    }
}

namespace ImageKit.Dockerfile;

/// <summary>What must hold of a file as a whole. Sees the instructions one by one.</summary>
internal sealed class FileRules
{
    private readonly List<Diagnostic> _early = [];
    private bool _hasFrom;
    private bool _hasOthers;
    private bool _isEmpty = true;

    public void See(Instruction instruction)
    {
        _isEmpty = false;
        if (_hasFrom || instruction.Name == "ARG") return;
        _hasOthers = true;
        _hasFrom = instruction.Name == "FROM";
        // An unknown name is reported already; that it also stands in no stage would be noise.
        if (!_hasFrom && InstructionParser.Names.Contains(instruction.Name)) _early.Add(Faults.BeforeFrom(instruction.Keyword));
    }

    public IEnumerable<Diagnostic> Check(SourceText source)
    {
        if (source.Text.Length == 0) return [Faults.EmptyFile()];
        if (_isEmpty) return [Faults.NoInstructions(source.Span(0, 0))];
        return _hasOthers ? _early : [Faults.NoStages(source.Span(0, 0))];
    }

    public static IEnumerable<Diagnostic> CheckTrigger(DockerfileReader reader)
    {
        List<Instruction> instructions = reader.Instructions!;
        if (instructions.Count == 0)
        {
            yield return Faults.Onbuild(reader.Source.Span(0, 0), "an ONBUILD trigger of the base image is empty");
            yield break;
        }

        foreach (Instruction further in instructions.Skip(1))
        {
            yield return Faults.Onbuild(further.Span, "an ONBUILD trigger of the base image holds more than one instruction");
        }

        if (TriggerFault(instructions[0].Name) is { } fault) yield return Faults.Onbuild(instructions[0].Keyword.Span, fault);
    }

    /// <summary>Why an instruction cannot be a trigger, in BuildKit's words; null if it can.</summary>
    public static string? TriggerFault(string name) => name switch
    {
        "ONBUILD" => "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
        "FROM" or "MAINTAINER" => $"{name} isn't allowed as an ONBUILD trigger",
        _ => null,
    };
}

namespace ImageKit.Dockerfile;

/// <summary>What must hold of a file as a whole. Sees the instructions one by one.</summary>
internal sealed class FileRules
{
    private readonly List<Word> _early = [];
    private bool _hasFrom;
    private bool _hasOthers;
    private bool _isEmpty = true;

    public void See(in InstructionHeader header)
    {
        _isEmpty = false;
        if (_hasFrom || header.Name == "ARG") return;
        _hasOthers = true;
        _hasFrom = header.Name == "FROM";
        // An unknown name is reported already; that it also stands in no stage would be noise.
        if (!_hasFrom && header.IsKnown) _early.Add(header.Keyword.AsPart());
    }

    public void Check(SourceText source, FaultList faults)
    {
        if (source.Text.Length == 0) faults.Add(Faults.EmptyFile());
        else if (_isEmpty) faults.Add(Faults.NoInstructions(source.Span(0, 0)));
        else if (!_hasOthers) faults.Add(Faults.NoStages(source.Span(0, 0)));
        foreach (Word keyword in _early)
        {
            if (faults.IsFull) faults.LeaveOut(keyword.Span, isError: true);
            else faults.Add(Faults.BeforeFrom(keyword));
        }
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

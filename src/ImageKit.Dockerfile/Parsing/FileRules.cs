namespace ImageKit.Dockerfile;

/// <summary>What must hold of a file as a whole.</summary>
internal static class FileRules
{
    public static IEnumerable<Diagnostic> Check(DockerfileReader reader)
    {
        if (reader.Source.Text.Length == 0) return [Faults.EmptyFile()];
        SourceSpan start = reader.Source.Span(0, 0);
        if (reader.Instructions.Count == 0) return [Faults.NoInstructions(start)];
        int firstFrom = reader.Instructions.FindIndex(static instruction => instruction.Name is "FROM");
        // An unknown name is reported already; that it also stands in no stage would be noise.
        IEnumerable<Diagnostic> early = reader.Instructions
            .Take(firstFrom < 0 ? reader.Instructions.Count : firstFrom)
            .Where(instruction => instruction.Name != "ARG" && InstructionParser.Names.Contains(instruction.Name))
            .Select(instruction => Faults.BeforeFrom(instruction.Keyword));
        bool onlyArgs = reader.Instructions.TrueForAll(instruction => instruction.Name == "ARG");
        return onlyArgs ? [Faults.NoStages(start)] : early;
    }

    public static IEnumerable<Diagnostic> CheckTrigger(DockerfileReader reader)
    {
        if (reader.Instructions.Count == 0)
        {
            yield return Faults.Onbuild(reader.Source.Span(0, 0), "an ONBUILD trigger of the base image is empty");
            yield break;
        }

        foreach (Instruction further in reader.Instructions.Skip(1))
        {
            yield return Faults.Onbuild(further.Span, "an ONBUILD trigger of the base image holds more than one instruction");
        }

        if (TriggerFault(reader.Instructions[0].Name) is { } fault) yield return Faults.Onbuild(reader.Instructions[0].Keyword.Span, fault);
    }

    /// <summary>Why an instruction cannot be a trigger, in BuildKit's words; null if it can.</summary>
    public static string? TriggerFault(string name) => name switch
    {
        "ONBUILD" => "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
        "FROM" or "MAINTAINER" => $"{name} isn't allowed as an ONBUILD trigger",
        _ => null,
    };
}

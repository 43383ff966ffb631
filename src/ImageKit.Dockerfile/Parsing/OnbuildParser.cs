namespace ImageKit.Dockerfile;

/// <summary>Reads ONBUILD and the instruction in it.</summary>
internal static class OnbuildParser
{
    public static OnbuildInstruction? Parse(InstructionContext context)
    {
        _ = new FlagReader(context);
        if (context.Header.Trigger is not { } header)
        {
            context.ArgumentError("ONBUILD requires at least one argument", "Write the instruction behind it.");
            return null;
        }

        InstructionContext inner = context.OfTrigger(header);
        Instruction trigger;
        if (FileRules.TriggerFault(header.Name) is { } fault)
        {
            inner.Error(Faults.Onbuild(header.Keyword.Span, fault));
            trigger = new InvalidInstruction(inner.ToSource());
        }
        else
        {
            trigger = InstructionParser.Parse(inner);
        }

        string text = header.Range.Text.ToString() + string.Concat(context.Heredocs.Select(doc => "\n" + doc.Body + doc.Name));
        return new(context.ToSource()) { Trigger = trigger, TriggerText = text };
    }
}

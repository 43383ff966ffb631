namespace ImageKit.Dockerfile;

/// <summary>Reads CMD, ENTRYPOINT and SHELL.</summary>
internal static class CommandParser
{
    public static CmdInstruction Cmd(InstructionContext context)
    {
        _ = new FlagReader(context);
        return new(context.ToSource()) { Command = Form(context.Header) };
    }

    public static EntrypointInstruction Entrypoint(InstructionContext context)
    {
        _ = new FlagReader(context);
        return new(context.ToSource()) { Command = Form(context.Header) };
    }

    public static ShellInstruction? Shell(InstructionContext context)
    {
        _ = new FlagReader(context);
        if (context.Arguments.IsEmpty || context.Header is { Json: JsonForm.Strings, JsonWords.IsEmpty: true })
        {
            context.ArgumentError("SHELL requires at least one argument", "Write SHELL [\"/bin/sh\", \"-c\"].");
            return null;
        }

        if (context.Header.Json != JsonForm.Strings)
        {
            context.Error(Faults.NotJson(context.Arguments.Span, "SHELL", context.Header.Range.Text.ToString()));
            return null;
        }

        return new(context.ToSource()) { Shell = context.Header.JsonWords };
    }

    /// <summary>The command of a header: exec form if its arguments are a JSON array, else shell form.</summary>
    public static CommandForm Form(InstructionHeader header) =>
        header.Json == JsonForm.Strings ? new ExecCommand(header.JsonWords) : new ShellCommand(Line(header.Arguments));

    /// <summary>A command line as one word whose tokens are its words.</summary>
    public static Word Line(LineRange range)
    {
        WordSplitting.MarkAtBlanks(range);
        return range.AsPart();
    }
}

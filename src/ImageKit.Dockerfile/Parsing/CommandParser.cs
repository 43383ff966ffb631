namespace ImageKit.Dockerfile;

/// <summary>Reads CMD, ENTRYPOINT and SHELL.</summary>
internal static class CommandParser
{
    public static CmdInstruction Cmd(InstructionContext context)
    {
        _ = new FlagReader(context);
        MarkLine(context);
        return new(context.ToSource());
    }

    public static EntrypointInstruction Entrypoint(InstructionContext context)
    {
        _ = new FlagReader(context);
        MarkLine(context);
        return new(context.ToSource());
    }

    public static ShellInstruction? Shell(InstructionContext context)
    {
        _ = new FlagReader(context);
        if (context.Arguments.IsEmpty || (context.Header.Json == JsonForm.Strings && JsonStrings.Words(context.Arguments).IsEmpty))
        {
            context.ArgumentError("SHELL requires at least one argument", "Write SHELL [\"/bin/sh\", \"-c\"].");
            return null;
        }

        if (context.Header.Json != JsonForm.Strings)
        {
            context.Error(Faults.NotJson(context.Arguments.Span, "SHELL", context.Header.Range.Text.ToString()));
            return null;
        }

        return new(context.ToSource());
    }

    /// <summary>A command: exec form if its arguments are a JSON array, else shell form.</summary>
    public static CommandForm Form(LineRange arguments, bool isJson) =>
        isJson ? new ExecCommand(JsonStrings.Words(arguments)) : new ShellCommand(arguments.AsPart());

    /// <summary>Notes the words of a command line as tokens.</summary>
    public static void MarkLine(InstructionContext context)
    {
        if (context.Header.Json == JsonForm.None && context.Arguments.Line.Marks is not null) _ = WordSplitting.AtBlanks(context.Arguments);
    }
}

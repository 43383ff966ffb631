using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Makes typed instructions of headers: one line a kind.</summary>
internal static class InstructionParser
{
    public static readonly ImmutableArray<string> Names =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN",
        "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    public static Instruction Parse(InstructionContext context)
    {
        Instruction? instruction = Dispatch(context);
        if (instruction is not null && !context.Failed) return instruction;
        return new InvalidInstruction(context.ToSource());
    }

    private static Instruction? Dispatch(InstructionContext context)
    {
        if (context.Header.Json == JsonForm.OtherValues)
        {
            LineRange array = context.Name == "HEALTHCHECK" ? WordSplitting.SplitFirst(context.Arguments).Remaining : context.Arguments;
            context.Error(Faults.JsonNotStrings(array.Span));
            return null;
        }

        switch (context.Name)
        {
            case "FROM": return FromParser.Parse(context);
            case "ARG": return PairParser.Arg(context);
            case "ENV": return PairParser.Env(context);
            case "LABEL": return PairParser.Label(context);
            case "COPY": return FileParser.Copy(context);
            case "ADD": return FileParser.Add(context);
            case "RUN": return RunParser.Parse(context);
            case "CMD": return CommandParser.Cmd(context);
            case "ENTRYPOINT": return CommandParser.Entrypoint(context);
            case "SHELL": return CommandParser.Shell(context);
            case "HEALTHCHECK": return HealthcheckParser.Parse(context);
            case "ONBUILD": return OnbuildParser.Parse(context);
            case "EXPOSE": return ListParser.Expose(context);
            case "VOLUME": return ListParser.Volume(context);
            case "WORKDIR": return ListParser.Workdir(context);
            case "USER": return ListParser.User(context);
            case "STOPSIGNAL": return ListParser.Stopsignal(context);
            case "MAINTAINER": return ListParser.Maintainer(context);
        }

        context.Error(context.Header.Keyword.Span, static unknown => Faults.UnknownInstruction(unknown.Header.Keyword.AsPart(), Names));
        return null;
    }
}

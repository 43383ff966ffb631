using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ImageKit.Cli.Commands;

/// <summary>Help texts end with examples.</summary>
internal static class Examples
{
    public static Command WithExamples(this Command command, params string[] lines)
    {
        HelpOption help = new();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, lines);
        command.Options.Add(help);
        return command;
    }

    private sealed class HelpWithExamples(HelpAction help, string[] lines) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string line in lines) output.WriteLine("  " + line);
            output.WriteLine();
            return result;
        }
    }
}

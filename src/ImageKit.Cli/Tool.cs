using System.CommandLine;
using System.Runtime.InteropServices;
using ImageKit.Cli.Commands;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli;

/// <summary>The command line from its words to its exit code.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var interrupt = new Interrupt();
        try
        {
            return await InvokeAsync(arguments, interrupt);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("cancelled");
            return ExitCode.Cancelled;
        }
        catch (ImageKitException failure)
        {
            if (ErrorJson.IsWanted(arguments)) ErrorJson.Write(Console.Error, failure);
            else ErrorText.Write(Console.Error, failure);
            int code = ErrorText.ExitCodeOf(failure);
            return arguments is ["run", ..] && code != ExitCode.Usage ? ExitCode.RunFailed : code;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            ErrorText.Write(Console.Error, new ImageKitException("IK6002", "A file could not be read or written.", failure.Message, "Check the path, its permissions and the space left."));
            return ExitCode.Failed;
        }
        finally
        {
            Notices.OfCommand.Write(Console.Error);
        }
    }

    private static async Task<int> InvokeAsync(string[] arguments, Interrupt interrupt)
    {
        RootCommand root = CommandTree.Create(interrupt.Foreground);
        if (arguments is [string command, ..]) DockerFlags.Refuse(command, Options(command, arguments));
        Command? run = root.Subcommands.FirstOrDefault(sub => sub.Name == "run");
        ParseResult parsed = root.Parse(arguments.Length == 0 ? ["--help"] : RunArguments.Separate(arguments, run?.Options ?? []));
        if (UnknownWords.Find(parsed) is { } unknown) throw unknown;
        if (parsed.Errors.Count > 0) return ErrorText.WriteUsage(Console.Error, parsed);
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
    }

    // Behind the image's name `run` has the command's own options, which are none of ours.
    private static IEnumerable<string> Options(string command, string[] arguments) => command == "run"
        ? arguments.Skip(1).TakeWhile(argument => argument.StartsWith('-') || argument.Contains('=')) : arguments.Skip(1);
}

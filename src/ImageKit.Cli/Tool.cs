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
            return arguments is ["run", ..] ? ExitCode.RunFailed : code;
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
        RunArguments run = new(root.Subcommands.First(sub => sub.Name == "run").Options);
        // Behind the image's name `run` has the command's own options, which are none of ours.
        string[] flags = [.. arguments is ["run", ..] ? run.Flags(arguments) : arguments.Skip(1)];
        if (arguments is [string command, ..]) DockerFlags.Refuse(command, flags);
        ParseResult parsed = root.Parse(arguments.Length == 0 ? ["--help"] : run.Separate(arguments));
        if (UnknownWords.Find(parsed) is { } unknown) throw unknown;
        if (arguments is ["run", ..] && flags.Zip(arguments.Skip(1)).FirstOrDefault(pair => pair.First.Length > 0 && pair.First != pair.Second).First is { } letter)
            throw new UsageException($"'imagekit run' knows no flag {letter}.", "'imagekit run --help' lists what there is.");
        if (parsed.Errors.Count > 0)
        {
            int usage = ErrorText.WriteUsage(Console.Error, parsed);
            return arguments is ["run", ..] ? ExitCode.RunFailed : usage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
    }
}

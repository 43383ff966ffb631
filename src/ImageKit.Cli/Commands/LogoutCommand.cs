using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit logout`.</summary>
internal static class LogoutCommand
{
    public static Command Create()
    {
        var server = new Argument<string?>("server") { Description = "The registry (Docker Hub)", HelpName = "SERVER", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("logout", "Forget the login of a registry") { server };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            string name = parsed.GetValue(server) ?? "docker.io";
            bool known = await kit.LogoutAsync(parsed.GetValue(server), cancel);
            Console.Out.WriteLine(known ? $"Removed the login of {name}" : $"Not logged in to {name}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit logout registry.example.com");
    }
}

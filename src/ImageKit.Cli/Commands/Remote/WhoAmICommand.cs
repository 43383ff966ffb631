using System.CommandLine;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit whoami`: which login a registry is shown, and where it lies.</summary>
internal static class WhoAmICommand
{
    public static Command Create()
    {
        var server = new Argument<string>("server") { Description = "The registry, or a repository of it", HelpName = "SERVER[/REPOSITORY]", DefaultValueFactory = _ => "docker.io" };
        Command command = new("whoami", "Show which login is used for a registry") { server };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            string[] parts = parsed.GetValue(server)!.Split('/', 2);
            Credential? found = await kit.Registry.Options.Credentials.FindAsync(parts[0], parts.Length > 1 ? parts[1] : "", cancel);
            if (found is null)
            {
                Console.Error.WriteLine($"Not logged in to {parts[0]}");
                return ExitCode.Failed;
            }
            Console.Out.WriteLine(found.Username.Length > 0 ? found.Username : "(token)");
            Console.Error.WriteLine($"from {found.Origin}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit whoami", "imagekit whoami registry.example.com");
    }
}

using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit catalog`: the repositories of a registry.</summary>
internal static class CatalogCommand
{
    public static Command Create()
    {
        var server = new Argument<string>("server") { Description = "The registry", HelpName = "SERVER" };
        Command command = new("catalog", "List the repositories of a registry, if it tells") { server };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            await foreach (string name in kit.Registry.ListRepositoriesAsync(parsed.GetValue(server)!, cancel)) Console.Out.WriteLine(name);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit catalog localhost:5000");
    }
}

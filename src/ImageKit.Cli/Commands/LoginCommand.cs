using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit login`: the registry's answer decides, and Docker's file keeps the login.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var server = new Argument<string?>("server") { Description = "The registry (Docker Hub)", HelpName = "SERVER", Arity = ArgumentArity.ZeroOrOne };
        var user = new Option<string?>("--username", "-u") { Description = "The user", HelpName = "NAME" };
        var password = new Option<string?>("--password", "-p") { Description = "The password or token; safer by --password-stdin", HelpName = "TEXT" };
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password from standard input" };
        Command command = new("login", "Log in to a registry") { server, user, password, fromInput };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(fromInput) && parsed.GetValue(password) is not null) throw new UsageException("--password and --password-stdin are both given.", "Leave one out.");
            if (parsed.GetValue(fromInput) && parsed.GetValue(user) is null) throw new UsageException("--password-stdin wants --username.", "Add -u NAME.");
            string name = parsed.GetValue(user) ?? Prompt.Line("Username: ");
            string secret = parsed.GetValue(fromInput) ? (await Console.In.ReadToEndAsync(cancel)).TrimEnd('\r', '\n')
                : parsed.GetValue(password) ?? Prompt.Secret("Password: ");
            await using ImageKitClient kit = SharedOptions.Open();
            await kit.LoginAsync(parsed.GetValue(server), name, secret, cancel);
            Console.Out.WriteLine("Login Succeeded");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit login registry.example.com", "echo $TOKEN | imagekit login -u ci --password-stdin registry.example.com");
    }
}

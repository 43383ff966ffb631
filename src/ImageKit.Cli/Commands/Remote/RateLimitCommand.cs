using System.CommandLine;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit ratelimit`: how many pulls are left.</summary>
internal static class RateLimitCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name")
        {
            Description = "An image of the registry (one of Docker Hub's for this)",
            HelpName = "NAME[:TAG]",
            DefaultValueFactory = _ => "ratelimitpreview/test",
        };
        Command command = new("ratelimit", "Show how many pulls a registry allows, without using one") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            RateLimit? limit = await remote.Repository.ReadRateLimitAsync(remote.Reference.Tag ?? "latest", cancel);
            Console.Out.WriteLine(limit is null ? $"{remote.Reference.Registry} tells of no limit" : Text(limit));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit ratelimit", "imagekit ratelimit registry.example.com/app");
    }

    private static string Text(RateLimit limit) =>
        $"{limit.Remaining} of {limit.Limit} pulls are left" + (limit.Window is { } window ? $" in {window.TotalHours:0.##} hours" : "") + (limit.Source is { } source ? $", counted for {source}" : "");
}

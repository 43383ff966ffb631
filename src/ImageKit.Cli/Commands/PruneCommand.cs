using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit prune`.</summary>
internal static class PruneCommand
{
    public static Command Create()
    {
        var all = new Option<bool>("--all", "-a") { Description = "The cache of build steps as well, not only what nothing refers to" };
        var force = new Option<bool>("--force", "-f") { Description = "Do not ask" };
        var filter = new Option<string[]>("--filter") { Description = "until=24h: only what was not used for so long", HelpName = "until=TIME" };
        var keep = new Option<string?>("--keep-storage") { Description = "Stop once no more than this is left", HelpName = "SIZE" };
        Command command = new("prune", "Free the space of what is not used") { all, force, filter, keep };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new PruneOptions
            {
                All = parsed.GetValue(all),
                OlderThan = (parsed.GetValue(filter) ?? []).Select(Until).DefaultIfEmpty(TimeSpan.Zero).Max(),
                KeepBytes = parsed.GetValue(keep) is string size ? SizeText.Bytes(size) : 0,
            };
            if (!parsed.GetValue(force) && Console.IsInputRedirected) throw new UsageException("prune asks before it deletes, and standard input is no terminal.", "Add -f to delete without being asked.");
            if (!parsed.GetValue(force) && Prompt.Line("Remove what no tag and no running build needs? [y/N] ") is not ("y" or "Y" or "yes")) return ExitCode.Success;
            await using ImageKitClient kit = SharedOptions.Open();
            PruneResult result = await kit.PruneAsync(options, cancel);
            Console.Out.WriteLine($"Removed {result.Items} items, {HumanText.Size(result.Bytes)}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit prune", "imagekit prune -af --filter until=7d", "imagekit prune -af --keep-storage 5GB");
    }

    private static TimeSpan Until(string filter) => filter.StartsWith("until=", StringComparison.Ordinal) ? SizeText.Age(filter["until=".Length..])
        : throw new UsageException($"--filter {filter} is not supported.", "Known: until=TIME.");
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ImageKit.Cli.Printing;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit sync`: copies between registries what a file says.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("file") { Description = "The sync file, or - for standard input", HelpName = "FILE.yaml" };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Tell what would be done, and write nothing" };
        var rules = new Option<string[]>("--rule") { Description = "Run this rule alone; may be given several times", HelpName = "NAME" };
        var format = new Option<string?>("--format") { Description = "The report: text or json", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong("text", "json");
        Option<bool> quiet = SharedOptions.Quiet("Print failures and the sum alone");
        Command command = new("sync", "Copy images between registries as a file says") { path, dryRun, rules, format, quiet };
        command.SetAction(async (parsed, cancel) =>
        {
            SyncFile file = Choose(await ReadAsync(parsed.GetValue(path)!, cancel), parsed.GetValue(rules) ?? []);
            bool json = parsed.GetValue(format) == "json";
            await using ImageKitClient kit = SharedOptions.Open();
            Lines? lines = json ? null : new Lines(Console.Out, parsed.GetValue(dryRun), parsed.GetValue(quiet));
            SyncReport report = await new RegistrySync(kit.Registry).RunAsync(file, parsed.GetValue(dryRun), lines, cancel);
            if (json) await PrintAsync(report);
            else Console.Out.WriteLine(Sum(report));
            if (!parsed.GetValue(quiet)) TrafficText.Write(Console.Error, kit, parsed.GetValue(format));
            return report.Count(SyncOutcome.Failed) == 0 ? ExitCode.Success : ExitCode.Failed;
        });
        return command.WithExamples("imagekit sync mirror.yaml --dry-run", "imagekit sync mirror.yaml --rule alpine", "imagekit sync mirror.yaml --format json > report.json");
    }

    private static async Task<SyncFile> ReadAsync(string path, CancellationToken cancel)
    {
        if (path != "-" && !File.Exists(path)) throw new UsageException($"There is no file '{path}'.", "Name a sync file; docs/sync.md shows its form.");
        string text = path == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(path, cancel);
        return SyncFile.Parse(text, path == "-" ? "standard input" : path);
    }

    private static SyncFile Choose(SyncFile file, string[] names)
    {
        file.ThrowIfBroken();
        if (names.Length == 0) return file;
        string? unknown = names.FirstOrDefault(name => file.Rules.All(rule => rule.Name != name));
        if (unknown is not null) throw new UsageException($"The file has no rule '{unknown}'.", $"It has: {string.Join(", ", file.Rules.Select(rule => rule.Name))}.");
        return file with { Rules = [.. file.Rules.Where(rule => names.Contains(rule.Name))] };
    }

    private static string Sum(SyncReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Count(SyncOutcome.Copied)} {(report.IsDryRun ? "to copy" : "copied")}, {report.Count(SyncOutcome.Unchanged)} unchanged, {report.Count(SyncOutcome.Deleted)} {(report.IsDryRun ? "to delete" : "deleted")}, ")
        + string.Create(CultureInfo.InvariantCulture, $"{report.Count(SyncOutcome.Skipped)} skipped, {report.Count(SyncOutcome.Failed)} failed; {HumanText.Size(report.Bytes)} moved");

    private static async Task PrintAsync(SyncReport report)
    {
        await using Stream output = Console.OpenStandardOutput();
        IndentedJson.Write(output, new JsonObject
        {
            ["dryRun"] = report.IsDryRun,
            ["bytes"] = report.Bytes,
            ["entries"] = new JsonArray([.. report.Entries.Select(ToJson)]),
        });
    }

    private static JsonNode ToJson(SyncEntry entry) => new JsonObject
    {
        ["rule"] = entry.Rule,
        ["source"] = entry.Source.Length == 0 ? null : entry.Source,
        ["target"] = entry.Target,
        ["outcome"] = entry.Outcome.ToString().ToLowerInvariant(),
        ["digest"] = entry.Digest?.ToString(),
        ["bytes"] = entry.Bytes,
        ["reason"] = entry.Reason.Length == 0 ? null : entry.Reason,
        ["error"] = entry.Error is null ? null : new JsonObject { ["code"] = entry.Error.Code, ["what"] = entry.Error.What, ["why"] = entry.Error.Why, ["mend"] = entry.Error.Mend },
    };

    /// <summary>A line for each image as it is done.</summary>
    private sealed class Lines(TextWriter output, bool dryRun, bool quiet) : IProgress<SyncEntry>
    {
        public void Report(SyncEntry value)
        {
            if (quiet && value.Outcome != SyncOutcome.Failed) return;
            string line = value.Outcome switch
            {
                SyncOutcome.Copied => $"{(dryRun ? "would copy" : "copied"),-10} {value.Source} -> {value.Target}{(dryRun ? "" : $" ({HumanText.Size(value.Bytes)})")}",
                SyncOutcome.Deleted => $"{(dryRun ? "would delete" : "deleted"),-10} {value.Target}",
                SyncOutcome.Skipped => $"{"skipped",-10} {value.Source}: {value.Reason}",
                SyncOutcome.Failed => $"{"failed",-10} {value.Source} -> {value.Target}: {value.Error!.Code}: {value.Error.What} {value.Error.Why}",
                _ => $"{"unchanged",-10} {value.Target}",
            };
            lock (output) output.WriteLine(line);
        }
    }
}

using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit layout`: OCI image layouts as directories.</summary>
internal static class LayoutCommand
{
    public static Command Create() => new Command("layout", "Look after OCI image layouts: list, validate, free what nothing names") { List(), Sweep(), Validate() }
        .WithExamples("imagekit layout ls out", "imagekit layout validate out", "imagekit layout gc --dry-run out");

    private static Argument<string> Folder() => new("directory") { Description = "The directory with oci-layout in it", HelpName = "DIR" };

    private static Command List()
    {
        Argument<string> folder = Folder();
        Command command = new("ls", "List the images of a layout") { folder };
        command.SetAction(async (parsed, cancel) =>
        {
            using LayoutStore store = LayoutStore.OpenExisting(parsed.GetValue(folder)!);
            TextTable.Write(Console.Out, ["NAME", "DIGEST", "KIND", "PLATFORM"], (await store.ListAsync(cancel)).Select(tag => new[]
            {
                Printable.Of(tag.Name ?? "<none>"), tag.Root.Digest.ToString(), MediaTypes.IsIndex(tag.Root.MediaType) ? "index" : MediaTypes.IsManifest(tag.Root.MediaType) ? "manifest" : Printable.Of(tag.Root.MediaType),
                Printable.Of(tag.Root.Platform?.ToString() ?? ""),
            }));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit layout ls out");
    }

    private static Command Sweep()
    {
        Argument<string> folder = Folder();
        var age = new Option<string>("--age") { Description = "Leave what was used since so long ago (1h)", HelpName = "TIME", DefaultValueFactory = _ => "1h" };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Tell what would be freed, and delete nothing" };
        Command command = new("gc", "Delete blobs that no entry of index.json reaches") { folder, age, dryRun };
        command.SetAction(async (parsed, cancel) =>
        {
            TimeSpan since = SizeText.Age(parsed.GetValue(age)!);
            using LayoutStore store = LayoutStore.OpenExisting(parsed.GetValue(folder)!);
            LayoutSweep swept = await LayoutSweep.RunAsync(store, DateTimeOffset.UtcNow - since, parsed.GetValue(dryRun), cancel);
            foreach (StoredBlob blob in swept.Blobs) Console.Out.WriteLine($"{blob.Digest}  {HumanText.Size(blob.Size)}");
            Console.Out.WriteLine($"{swept.Blobs.Length} blobs, {HumanText.Size(swept.Bytes)}, {(parsed.GetValue(dryRun) ? "would be freed" : "freed")}{(swept.Young > 0 ? $"; {swept.Young} stay, as they were used in the last {parsed.GetValue(age)}" : "")}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit layout gc out", "imagekit layout gc --age 0s out");
    }

    private static Command Validate()
    {
        Argument<string> folder = Folder();
        Option<bool> fast = ValidateCommand.Fast();
        Option<string> format = ValidateCommand.Format();
        Command command = new("validate", "Prove that all images of a layout are whole") { folder, fast, format };
        command.SetAction(async (parsed, cancel) =>
        {
            ImageCheckOptions options = new() { Fast = parsed.GetValue(fast) };
            using LayoutStore store = LayoutStore.OpenExisting(parsed.GetValue(folder)!);
            List<ImageCheckReport> reports = [];
            foreach (Descriptor root in (await store.ListAsync(cancel)).Select(tag => tag.Root).DistinctBy(root => root.Digest)) reports.Add(await ImageCheck.RunAsync(store, root, options, cancel: cancel));
            return CheckReportText.Write(parsed.GetValue(format)!, options.Fast, reports);
        });
        return command.WithExamples("imagekit layout validate out", "imagekit layout validate --fast --format json out");
    }
}

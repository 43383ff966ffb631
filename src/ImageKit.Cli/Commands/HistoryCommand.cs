using System.CommandLine;
using System.Globalization;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit history`: Docker's columns, newest first.</summary>
internal static class HistoryCommand
{
    private const int ShortText = 45;

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The image", HelpName = "NAME[:TAG]" };
        var whole = new Option<bool>("--no-trunc") { Description = "Show whole instructions" };
        Option<bool> quiet = SharedOptions.Quiet("Show only the digests of layers");
        Command command = new("history", "Show what made each layer of an image") { name, whole, quiet };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            IEnumerable<HistoryLine> lines = (await kit.HistoryAsync(parsed.GetValue(name)!, platform: null, cancel)).Reverse();
            if (parsed.GetValue(quiet)) foreach (HistoryLine line in lines) Console.Out.WriteLine(line.Layer?.Digest.ToString() ?? "<missing>");
            else TextTable.Write(Console.Out, ["IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"], lines.Select(line => Row(line, parsed.GetValue(whole))));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit history app", "imagekit history --no-trunc app");
    }

    private static string[] Row(HistoryLine line, bool whole)
    {
        string by = (line.Entry.CreatedBy ?? "").ReplaceLineEndings(" ");
        bool dated = DateTimeOffset.TryParse(line.Entry.Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created);
        return
        [
            line.Layer is null ? "<missing>" : whole ? line.Layer.Digest.ToString() : line.Layer.Digest.Encoded[..12],
            dated && created.ToUnixTimeSeconds() != 0 ? HumanText.Ago(TimeProvider.System.GetUtcNow() - created) : "N/A",
            whole || by.Length <= ShortText ? by : by[..(ShortText - 1)] + "…",
            HumanText.Size(line.Size),
            line.Entry.Comment ?? "",
        ];
    }
}

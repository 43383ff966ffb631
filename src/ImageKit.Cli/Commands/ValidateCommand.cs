using System.CommandLine;
using ImageKit.Cli.Commands.Raw;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit validate`: is an image whole, and what it says it is?</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        Argument<string> source = RawOptions.Source();
        Option<bool> fast = Fast(), pull = RawOptions.Pull();
        var platforms = new Option<string[]>("--platform") { Description = "Only these platforms of an index; may stand several times", HelpName = "OS/ARCH[/VARIANT]" };
        Option<string> format = Format();
        Option<string?> progress = SharedOptions.Progress();
        Command command = new("validate", "Prove that an image is whole: documents, digests, sizes, layers and what they promise") { source, fast, platforms, pull, format, progress };
        command.SetAction(async (parsed, cancel) =>
        {
            ImageCheckOptions options = new() { Fast = parsed.GetValue(fast), Platforms = [.. (parsed.GetValue(platforms) ?? []).Select(text => SharedOptions.ParsePlatform(text)!)] };
            await using ImageKitClient kit = SharedOptions.Open();
            ImageCheckReport report;
            await using (IProgressView view = ProgressOption.Open(parsed.GetValue(progress)))
                report = await kit.ValidateAsync(parsed.GetValue(source)!, options, parsed.GetValue(pull), view, cancel);
            return CheckReportText.Write(parsed.GetValue(format)!, options.Fast, report);
        });
        return command.WithExamples("imagekit validate app", "imagekit validate --fast registry.example.com/app:1", "imagekit validate oci-layout://out:1 --format json");
    }

    /// <summary>The option that leaves blobs unread.</summary>
    public static Option<bool> Fast() => new("--fast") { Description = "Only ask for layers and other blobs, do not read them" };

    /// <summary>The option of the report's form.</summary>
    public static Option<string> Format()
    {
        Option<string> format = new("--format") { Description = "text or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        return format;
    }
}

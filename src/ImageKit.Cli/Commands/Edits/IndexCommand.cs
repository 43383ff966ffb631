using System.CommandLine;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit index`: images of several platforms under one name.</summary>
internal static class IndexCommand
{
    public static Command Create() => new Command("index", "Make and change indexes, which name one image a platform") { MakeNew(), Add(), Remove(), Filter(), List() }
        .WithExamples("imagekit index create app:amd64 app:arm64 -t registry.example.com/app:1 --push");

    private static Command MakeNew()
    {
        EditOptions edit = new();
        Argument<string[]> more = Names("More images and indexes", "SOURCE…", ArgumentArity.ZeroOrMore);
        Command command = edit.Command("create", "Make an index of images", more);
        command.SetAction((parsed, cancel) => edit.RunAsync(parsed, cancel, new CreateIndexStep([.. parsed.GetValue(more) ?? []])));
        return command.WithExamples("imagekit index create app:amd64 app:arm64 -t registry.example.com/app:1 --push");
    }

    private static Command Add()
    {
        EditOptions edit = new();
        Argument<string[]> more = Names("The images and indexes to add", "IMAGE…", ArgumentArity.OneOrMore);
        Command command = edit.Command("add", "Add images to an index; one for a platform that is there takes its place", more);
        command.SetAction((parsed, cancel) => edit.RunAsync(parsed, cancel, new AddToIndexStep([.. parsed.GetValue(more)!])));
        return command.WithExamples("imagekit index add registry.example.com/app:1 app:riscv64 -t registry.example.com/app:1 --push");
    }

    private static Command Remove()
    {
        EditOptions edit = new();
        Argument<string[]> names = Names("Platforms or digests", "PLATFORM|DIGEST…", ArgumentArity.OneOrMore);
        Command command = edit.Command("remove", "Take images out of an index, with their attestations", names);
        command.SetAction((parsed, cancel) => edit.RunAsync(parsed, cancel, new RemoveFromIndexStep([.. parsed.GetValue(names)!])));
        return command.WithExamples("imagekit index remove app linux/386 -t app");
    }

    private static Command Filter()
    {
        EditOptions edit = new();
        Command command = edit.Command("filter", "Keep the images of some platforms; one platform makes an image of it");
        command.SetAction((parsed, cancel) => parsed.GetValue<string[]>("--platform") is { Length: > 0 } ? edit.RunAsync(parsed, cancel)
            : throw new UsageException("No platform is named.", "Add --platform linux/amd64,linux/arm64."));
        return command.WithExamples("imagekit index filter debian:12 --platform linux/amd64,linux/arm64 -t registry.example.com/debian:12 --push");
    }

    private static Command List()
    {
        var name = new Argument<string>("source") { Description = "The index: a name in the store, else in a registry", HelpName = "SOURCE" };
        Command command = new("ls", "List what an index holds") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            IndexManifest index = await (await kit.GetIndexAsync(parsed.GetValue(name)!, cancel)).GetManifestAsync(cancel);
            TextTable.Write(Console.Out, ["PLATFORM", "DIGEST", "SIZE", "TYPE"], index.Manifests.Select(entry =>
                new[] { entry.Platform?.ToString() ?? "-", entry.Digest.ToString(), HumanText.Size(entry.Size), entry.ArtifactType ?? entry.MediaType }));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit index ls debian:12");
    }

    private static Argument<string[]> Names(string description, string help, ArgumentArity arity) => new("names") { Description = description, HelpName = help, Arity = arity };
}

using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit artifact push|pull`: files in a registry.</summary>
internal static class ArtifactCommand
{
    public static Command Create() => new Command("artifact", "Keep files in a registry") { Push(), Pull() }
        .WithExamples("imagekit artifact push --artifact-type application/vnd.example.config registry.example.com/settings:1 app.yaml");

    /// <summary>The options that make an artifact.</summary>
    public static (Argument<string[]> Files, Option<string> Type, Option<string[]> Annotations) ContentOptions(ArgumentArity files) => (
        new("file") { Description = "Files, each with its media type behind a colon if it is known", HelpName = "FILE[:TYPE]…", Arity = files },
        new("--artifact-type") { Description = "What kind of artifact it is, a media type", HelpName = "TYPE", Required = true },
        new("--annotation", "-a") { Description = "A note; may stand several times", HelpName = "NAME=VALUE" });

    /// <summary>Makes an artifact of these options.</summary>
    public static ArtifactContent Content(string[]? files, string type, string[]? annotations) => new()
    {
        ArtifactType = type,
        Files = [.. (files ?? []).Select(File)],
        Annotations = Pairs(annotations ?? []),
    };

    private static Command Push()
    {
        var name = new Argument<string>("name") { Description = "The name it gets", HelpName = "NAME:TAG" };
        (Argument<string[]> files, Option<string> type, Option<string[]> annotations) = ContentOptions(ArgumentArity.ZeroOrMore);
        Command command = new("push", "Send files to a registry as an artifact") { name, files, type, annotations };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            Document<ImageManifest> made = await Artifact.PutAsync(remote.Repository, Content(parsed.GetValue(files), parsed.GetValue(type)!, parsed.GetValue(annotations)), cancel);
            if (remote.Reference.TagOrLatest.Tag is { } tag) await remote.Repository.TagAsync(tag, made.Descriptor, cancel);
            Console.Out.WriteLine(made.Descriptor.Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit artifact push --artifact-type application/vnd.example.config registry.example.com/settings:1 app.yaml:application/yaml");
    }

    private static Command Pull()
    {
        var name = new Argument<string>("name") { Description = "The artifact", HelpName = "NAME[:TAG|@DIGEST]" };
        var folder = new Option<string>("--output", "-o") { Description = "The folder to write to (this one)", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        Command command = new("pull", "Write the files of an artifact to a folder") { name, folder };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            ImmutableArray<string> written = await Artifact.WriteFilesAsync(remote.Repository, await remote.ResolveAsync(cancel), parsed.GetValue(folder)!, cancel);
            foreach (string file in written) Console.Out.WriteLine(file);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit artifact pull -o settings registry.example.com/settings:1");
    }

    // `app.yaml:application/yaml`; a colon in the name of a file that is there belongs to the name.
    private static ArtifactFile File(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || System.IO.File.Exists(text) || !text[(colon + 1)..].Contains('/', StringComparison.Ordinal)) return new(text);
        return new(text[..colon], text[(colon + 1)..]);
    }

    private static ImmutableSortedDictionary<string, string> Pairs(string[] texts)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0) throw new UsageException($"'{text}' is no annotation.", "Write NAME=VALUE.");
            pairs[text[..sign]] = text[(sign + 1)..];
        }
        return pairs.ToImmutable();
    }
}

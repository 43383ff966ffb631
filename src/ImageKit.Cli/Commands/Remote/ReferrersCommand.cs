using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Printing;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit referrers`: what is about an image, such as signatures and bills of materials.</summary>
internal static class ReferrersCommand
{
    public static Command Create() => new Command("referrers", "Show and keep what is about an image: signatures, bills of materials") { List(), Attach(), Get(), Copy(), Repair(), Tree() }
        .WithExamples("imagekit referrers tree registry.example.com/app:1");

    private static Argument<string> Image() => new("name") { Description = "The image in a registry", HelpName = "NAME[:TAG|@DIGEST]" };

    private static Option<string?> Type() => new("--artifact-type") { Description = "Only artifacts of this kind", HelpName = "TYPE" };

    private static Command List()
    {
        Argument<string> name = Image();
        Option<string?> type = Type();
        var json = new Option<bool>("--json") { Description = "Print an index, as registries list them" };
        Command command = new("ls", "List what is about an image") { name, type, json };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            ImmutableArray<Descriptor> found = await remote.Repository.ListReferrersAsync((await remote.ResolveAsync(cancel)).Digest, parsed.GetValue(type), cancel);
            if (parsed.GetValue(json)) await WriteJsonAsync(found, cancel);
            else TextTable.Write(Console.Out, ["DIGEST", "ARTIFACT TYPE", "SIZE"], found.Select(entry => new[] { entry.Digest.ToString(), entry.ArtifactType ?? "", entry.Size.ToString(System.Globalization.CultureInfo.InvariantCulture) }));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit referrers ls registry.example.com/app:1", "imagekit referrers ls --artifact-type application/spdx+json registry.example.com/app:1");
    }

    private static Command Attach()
    {
        Argument<string> name = Image();
        (Argument<string[]> files, Option<string> type, Option<string[]> annotations) = ArtifactCommand.ContentOptions(ArgumentArity.ZeroOrMore);
        Command command = new("attach", "Send files as an artifact about an image") { name, files, type, annotations };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            ArtifactContent content = ArtifactCommand.Content(parsed.GetValue(files), parsed.GetValue(type)!, parsed.GetValue(annotations)) with { Subject = await remote.ResolveAsync(cancel) };
            Console.Out.WriteLine((await Artifact.PutAsync(remote.Repository, content, cancel)).Descriptor.Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit referrers attach --artifact-type application/spdx+json registry.example.com/app:1 sbom.json:application/spdx+json");
    }

    private static Command Get()
    {
        Argument<string> name = Image();
        Option<string?> type = Type();
        var folder = new Option<string>("--output", "-o") { Description = "The folder to write to (this one)", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        Command command = new("get", "Write the files of what is about an image to a folder") { name, type, folder };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            ImmutableArray<Descriptor> found = await remote.Repository.ListReferrersAsync((await remote.ResolveAsync(cancel)).Digest, parsed.GetValue(type), cancel);
            if (found.IsEmpty) throw new ImageKitException("IK4034", $"Nothing is about {remote.Reference.Familiar}.", parsed.GetValue(type) is { } kind ? $"No artifact of the kind '{kind}' names it." : "", "See 'imagekit referrers ls'.");
            foreach (Descriptor entry in found.Where(entry => MediaTypes.IsManifest(entry.MediaType)))
                foreach (string file in await Artifact.WriteFilesAsync(remote.Repository, Bare(entry), parsed.GetValue(folder)!, cancel)) Console.Out.WriteLine(file);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit referrers get --artifact-type application/spdx+json -o sboms registry.example.com/app:1");
    }

    private static Command Copy()
    {
        var source = new Argument<string>("source") { Description = "The image that they are about", HelpName = "SOURCE" };
        var target = new Argument<string>("target") { Description = "The repository that has the image too", HelpName = "TARGET" };
        Command command = new("copy", "Copy what is about an image to another repository") { source, target };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage from = RemoteImage.Open(kit, parsed.GetValue(source)!), to = RemoteImage.Open(kit, parsed.GetValue(target)!);
            CopyResult result = await ImageCopy.CopyReferrersAsync(from.Repository, to.Repository, await from.ResolveAsync(cancel), cancel: cancel);
            Console.Out.WriteLine($"{result.BlobsWritten} blobs and manifests copied, {result.BlobsSkipped} were there");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit referrers copy a.example.com/app:1 b.example.com/app");
    }

    private static Command Repair()
    {
        Argument<string> name = Image();
        Command command = new("repair", "Mend the list of what is about an image, after pushes that overwrote each other") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            Digest subject = remote.Reference.Digest ?? (await remote.ResolveAsync(cancel)).Digest;
            ReferrerRepair done = await remote.Repository.RepairReferrersAsync(subject, cancel);
            foreach (Digest added in done.Added) Console.Out.WriteLine($"added   {added}");
            foreach (Digest dropped in done.Dropped) Console.Out.WriteLine($"dropped {dropped}");
            Console.Out.WriteLine($"{done.Listed.Length} listed{(done.ChangedAnything ? "" : ", nothing to mend")}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit referrers repair registry.example.com/app:1");
    }

    private static Command Tree()
    {
        Argument<string> name = Image();
        Command command = new("tree", "Show what is about an image, and what is about that") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            Descriptor root = await remote.ResolveAsync(cancel);
            Console.Out.WriteLine($"{remote.Reference.TagOrLatest.Familiar} {root.Digest}");
            await new ReferrerTree(remote.Repository, Console.Out).WriteAsync(root, cancel);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit referrers tree registry.example.com/app:1");
    }

    private static Descriptor Bare(Descriptor entry) => new() { MediaType = entry.MediaType, Digest = entry.Digest, Size = entry.Size };

    private static async Task WriteJsonAsync(ImmutableArray<Descriptor> found, CancellationToken cancel)
    {
        await using Stream output = Console.OpenStandardOutput();
        await output.WriteAsync(Documents.WriteIndex(new() { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = found }).Bytes, cancel);
        output.WriteByte((byte)'\n');
    }
}

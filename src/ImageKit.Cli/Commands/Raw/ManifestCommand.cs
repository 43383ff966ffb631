using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Raw;

/// <summary>`imagekit manifest`: manifests and indexes byte for byte.</summary>
internal static class ManifestCommand
{
    public static Command Create() => new Command("manifest", "Read and write manifests and indexes, byte for byte") { Get(), Head(), Put(), Delete() }
        .WithExamples("imagekit manifest get alpine:3.20", "imagekit manifest head registry.example.com/app:1", "imagekit manifest put registry.example.com/app:1 manifest.json");

    private static Command Get() =>
        RawOptions.Printing("get", "Print a manifest or index as it is", (kit, name, platform, pull, cancel) => kit.ReadManifestAsync(name, platform, pull, cancel))
            .WithExamples("imagekit manifest get alpine:3.20", "imagekit manifest get --platform linux/arm64 alpine:3.20 | jq .layers");

    private static Command Head()
    {
        Argument<string> name = RawOptions.Name();
        Command command = new("head", "Print media type, digest and size of what a name means in its registry") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RawOptions.Write(await RemoteImage.Open(kit, parsed.GetValue(name)!).ResolveAsync(cancel));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit manifest head alpine:3.20");
    }

    private static Command Put()
    {
        Argument<string> name = RawOptions.Name(), file = RawOptions.File();
        Option<string?> type = RawOptions.MediaType("The media type (what the document says of itself)");
        Command command = new("put", "Send a manifest or index to a registry as it is; what it points to must be there") { name, file, type };
        command.SetAction(async (parsed, cancel) =>
        {
            byte[] bytes = await RawOptions.ReadAsync(parsed.GetValue(file)!, Documents.MaxManifestBytes, cancel);
            Descriptor manifest = RawManifest.Describe(bytes, parsed.GetValue(type));
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            if (remote.Reference.Digest is { } promised && promised != Digest.Of(bytes)) throw new UsageException($"The file is not {promised}.", $"It hashes to {manifest.Digest}.");
            Registry.RegistryRepository repository = remote.Reference.Tag is { } tag ? remote.Repository.ForRoot(tag) : remote.Repository;
            await repository.PutAsync(manifest, new MemoryStream(bytes), cancel);
            if (remote.Reference.Tag is { } named) await repository.TagAsync(named, manifest, cancel);
            Console.Out.WriteLine(manifest.Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit manifest put registry.example.com/app:1 manifest.json", "imagekit manifest get a.example.com/app:1 | imagekit manifest put a.example.com/app:2 -");
    }

    private static Command Delete()
    {
        Argument<string> name = RawOptions.Name();
        Command command = new("delete", "Delete a manifest or index in a registry, with all its tags") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            Digest digest = remote.Reference.Digest ?? (await remote.ResolveAsync(cancel)).Digest;
            if (!await remote.Repository.DeleteManifestAsync(digest, cancel)) throw RawOptions.NotFound(remote.Reference, digest);
            Console.Out.WriteLine($"Deleted {digest}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit manifest delete registry.example.com/app@sha256:…");
    }
}

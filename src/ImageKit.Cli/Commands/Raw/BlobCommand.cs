using System.CommandLine;
using System.Security.Cryptography;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Raw;

/// <summary>`imagekit blob`: single blobs of a registry.</summary>
internal static class BlobCommand
{
    private const string AnyType = "application/octet-stream";

    public static Command Create() => new Command("blob", "Read and write single blobs of a registry") { Get(), Head(), Put(), Delete() }
        .WithExamples("imagekit blob get registry.example.com/app@sha256:… -o layer.tar.gz", "imagekit blob put registry.example.com/app data.bin");

    private static Argument<string> Blob() => new("blob") { Description = "The blob in a repository", HelpName = "NAME@DIGEST" };

    private static Command Get()
    {
        Argument<string> blob = Blob();
        Option<string?> output = RawOptions.Output();
        Command command = new("get", "Fetch a blob, proven by its digest") { blob, output };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            (RemoteImage remote, Digest digest) = Open(kit, parsed.GetValue(blob)!);
            Stream content = await remote.Repository.OpenAsync(await DescribeAsync(remote, digest, cancel), cancel);
            await using (content)
            {
                if (parsed.GetValue(output) is string file and not "-")
                {
                    await ResultFile.WriteAsync(file, target => content.CopyToAsync(target, cancel));
                    return ExitCode.Success;
                }
                await using Stream standard = StandardStream.OpenOutput();
                await content.CopyToAsync(standard, cancel);
            }
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit blob get registry.example.com/app@sha256:… -o layer.tar.gz", "imagekit blob get registry.example.com/app@sha256:… | tar -tz");
    }

    private static Command Head()
    {
        Argument<string> blob = Blob();
        Command command = new("head", "Print digest and size of a blob") { blob };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            (RemoteImage remote, Digest digest) = Open(kit, parsed.GetValue(blob)!);
            RawOptions.Write(await DescribeAsync(remote, digest, cancel));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit blob head registry.example.com/app@sha256:…");
    }

    private static Command Put()
    {
        Argument<string> name = new("name") { Description = "The repository", HelpName = "NAME" }, file = RawOptions.File();
        Command command = new("put", "Send a file as a blob, and print its descriptor; registries delete blobs that no manifest names") { name, file };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            await using Stream content = await OpenAsync(parsed.GetValue(file)!, cancel);
            Descriptor blob = new() { MediaType = AnyType, Digest = Digest.OfSha256(await SHA256.HashDataAsync(content, cancel)), Size = content.Length };
            content.Position = 0;
            await remote.Repository.PutAsync(blob, content, cancel);
            RawOptions.Write(blob);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit blob put registry.example.com/app data.bin");
    }

    private static Command Delete()
    {
        Argument<string> blob = Blob();
        Command command = new("delete", "Delete a blob; images that need it are broken then") { blob };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            (RemoteImage remote, Digest digest) = Open(kit, parsed.GetValue(blob)!);
            if (!await remote.Repository.DeleteBlobAsync(digest, cancel)) throw RawOptions.NotFound(remote.Reference, digest);
            Console.Out.WriteLine($"Deleted {digest}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit blob delete registry.example.com/app@sha256:…");
    }

    private static (RemoteImage Remote, Digest Digest) Open(ImageKitClient kit, string text)
    {
        RemoteImage remote = RemoteImage.Open(kit, text);
        return (remote, remote.Reference.Digest ?? throw new UsageException($"'{text}' names no blob.", $"Write {remote.Reference.Familiar}@sha256:…; 'imagekit manifest get' shows which there are."));
    }

    private static async Task<Descriptor> DescribeAsync(RemoteImage remote, Digest digest, CancellationToken cancel) => new()
    {
        MediaType = AnyType,
        Digest = digest,
        Size = await remote.Repository.FindBlobSizeAsync(digest, cancel) ?? throw RawOptions.NotFound(remote.Reference, digest),
    };

    // The digest has to be known before the first byte goes out, so standard input is kept meanwhile.
    private static async Task<Stream> OpenAsync(string file, CancellationToken cancel)
    {
        if (file != "-") return File.OpenRead(file);
        FileStream kept = new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(kept, cancel);
        kept.Position = 0;
        return kept;
    }
}

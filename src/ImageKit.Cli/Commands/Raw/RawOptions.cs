using System.CommandLine;
using System.Text.Json.Nodes;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Raw;

/// <summary>What the commands of single documents and blobs have in common.</summary>
internal static class RawOptions
{
    public static Argument<string> Source(string name = "source") => new(name) { Description = "The image: a name in the store, else in a registry; or oci-layout://DIR[:TAG]", HelpName = name.ToUpperInvariant() };

    public static Argument<string> Name() => new("name") { Description = "The image or artifact in a registry", HelpName = "NAME[:TAG|@DIGEST]" };

    public static Argument<string> File() => new("file") { Description = "What to send; - is standard input", HelpName = "FILE" };

    public static Option<string?> Output() => new("--output", "-o") { Description = "Where to write it (standard output)", HelpName = "FILE" };

    public static Option<bool> Pull() => new("--pull") { Description = "Ask the registry even for images that are here" };

    public static Option<string?> MediaType(string description) => new("--media-type") { Description = description, HelpName = "TYPE" };

    /// <summary>A command that prints a document of an image as it is.</summary>
    public static Command Printing(string name, string description, Func<ImageKitClient, string, Platform?, bool, CancellationToken, Task<RawDocument>> read)
    {
        Argument<string> source = Source();
        Option<string?> platform = SharedOptions.Platform(), output = Output();
        Option<bool> pull = Pull();
        Command command = new(name, description) { source, platform, pull, output };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RawDocument document = await read(kit, parsed.GetValue(source)!, SharedOptions.ParsePlatform(parsed.GetValue(platform)), parsed.GetValue(pull), cancel);
            await WriteAsync(parsed.GetValue(output), document.Bytes, cancel);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Writes bytes to a file, which appears whole or not at all, or to standard output.</summary>
    public static async Task WriteAsync(string? file, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (file is not null and not "-")
        {
            await ResultFile.WriteAsync(file, stream => stream.WriteAsync(bytes, cancel).AsTask());
            return;
        }
        await using Stream output = Console.OpenStandardOutput();
        await output.WriteAsync(bytes, cancel);
    }

    /// <summary>Reads a small file, or standard input.</summary>
    public static async Task<byte[]> ReadAsync(string file, int limit, CancellationToken cancel)
    {
        await using Stream input = file == "-" ? Console.OpenStandardInput() : System.IO.File.OpenRead(file);
        byte[] buffer = new byte[limit + 1];
        int length = await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return length <= limit ? buffer[..length] : throw new UsageException($"The file has more than {limit} bytes.", "Registries take no larger manifests.");
    }

    /// <summary>Prints a descriptor as JSON.</summary>
    public static void Write(Descriptor descriptor)
    {
        using Stream output = Console.OpenStandardOutput();
        IndentedJson.Write(output, new JsonObject { ["mediaType"] = descriptor.MediaType, ["digest"] = descriptor.Digest.ToString(), ["size"] = descriptor.Size });
    }

    /// <summary>The error of what is not there.</summary>
    public static ImageKitException NotFound(ImageReference where, Digest digest) =>
        new("IK4034", $"{digest} was not found.", $"{where.Registry}/{where.Repository} has it not.", "Check repository and digest; what is private needs 'imagekit login'.");
}

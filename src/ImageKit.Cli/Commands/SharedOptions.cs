using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>Options that several commands have, each made anew, as a command owns its options.</summary>
internal static class SharedOptions
{
    public static Option<bool> Quiet(string description) => new("--quiet", "-q") { Description = description };

    public static Option<string?> Progress()
    {
        var option = new Option<string?>("--progress") { Description = "How progress is shown: auto, tty, plain, json or none; on standard error", HelpName = "KIND" };
        option.AcceptOnlyFromAmong(ProgressOption.Values);
        return option;
    }

    public static Option<string?> Runtime() => new("--runtime")
    {
        Description = "What runs commands: auto, crun, runc, youki, builtin, or a path of an OCI runtime",
        HelpName = "NAME",
    };

    public static Option<string?> Platform() => new("--platform") { Description = "The platform, such as linux/arm64", HelpName = "OS/ARCH[/VARIANT]" };

    /// <summary>Reads a platform; null stays null.</summary>
    public static Platform? ParsePlatform(string? text) => text is null ? null : Oci.Platform.TryParse(text, null, out Platform? platform)
        ? platform : throw new UsageException($"'{text}' is no platform.", "Write os/architecture[/variant], such as linux/amd64 or linux/arm/v7.");

    public static Option<bool> Strict() => new("--strict") { Description = "Make errors of what other builders do silently; 'imagekit check --list' says of what" };

    /// <summary>A request that names a Dockerfile, or a folder with one in it. The file's folder is the context, so that ignore files count as in a build.</summary>
    public static DockerfileBuild FileRequest(string path)
    {
        bool isFile = File.Exists(path);
        if (!isFile && path != "-" && !Directory.Exists(path) && !path.Contains("://", StringComparison.Ordinal))
            throw new BuildException("IK4009", $"There is no '{path}'.", "It is neither a Dockerfile nor a folder with one in it.", "Give the path of a Dockerfile, or of the folder that it lies in.");
        string? folder = isFile ? Path.GetDirectoryName(path) : path;
        return new(string.IsNullOrEmpty(folder) ? "." : folder) { Dockerfile = isFile ? path : null, Input = path == "-" ? Console.OpenStandardInput() : null };
    }

    /// <summary>Ends the command if a Dockerfile has errors.</summary>
    public static void ThrowIfFaulty(DockerfilePlan plan)
    {
        Diagnostic[] errors = [.. plan.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error)];
        if (errors.Length > 0) throw new BuildException(errors[0].Code, errors[0].Message, "", errors[0].Mend ?? "") { File = plan.File, Span = errors[0].Span, Diagnostics = [.. errors] };
    }

    /// <summary>Refuses a `-t` that is no name.</summary>
    public static void CheckName(string tag)
    {
        if (!ImageReference.TryParse(tag, out ImageReference? name) || name.Digest is not null)
            throw new UsageException($"-t {tag} is no name for an image.", "Write NAME[:TAG]: lower case, digits, and . _ - / between.");
    }

    /// <summary>Opens the engine with the machine's settings.</summary>
    public static ImageKitClient Open(string? runtime = null) => ImageKitClient.Create(options =>
    {
        options.Runtime = runtime ?? options.Runtime;
        options.Registry = new() { Notices = Notices.OfCommand };
    });
}

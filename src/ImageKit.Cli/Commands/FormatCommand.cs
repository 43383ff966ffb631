using System.CommandLine;
using System.Text;
using ImageKit.Cli.Printing;
using ImageKit.Dockerfile;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit format`: writes Dockerfiles evenly, without changing what they mean.</summary>
internal static class FormatCommand
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Argument<string[]> Paths = new("file") { Description = "Dockerfiles, or folders with one in them (Dockerfile), or - for standard input", HelpName = "FILE…", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> Check = new("--check") { Description = "Write nothing; name the files that are not formatted, and fail if there are any" };
    private static readonly Option<bool> Write = new("--write", "-w") { Description = "Write the files instead of printing them" };
    private static readonly Option<bool> LowerCase = new("--lower-case") { Description = "Instructions in lower case" };
    private static readonly Option<bool> Sort = new("--sort") { Description = "Sort lists of packages that stand one a line" };
    private static readonly Option<int> Indent = new("--indent") { Description = "Blanks before continued lines (4)", HelpName = "NUMBER", DefaultValueFactory = _ => 4 };

    public static Command Create()
    {
        Command command = new("format", "Write Dockerfiles evenly, without changing what they mean") { Paths, Check, Write, LowerCase, Sort, Indent };
        command.SetAction(RunAsync);
        return command.WithExamples("imagekit format", "imagekit format --write Dockerfile deploy/Dockerfile", "imagekit format --check --sort Dockerfile");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(Check) && parsed.GetValue(Write)) throw new UsageException("--check writes nothing, and --write writes.", "Give one of them.");
        if (parsed.GetValue(Indent) is < 1 or > 40) throw new UsageException("--indent is a number from 1 to 40.", "Write for example --indent 2.");
        FormatOptions options = new() { IsLowerCase = parsed.GetValue(LowerCase), SortLists = parsed.GetValue(Sort), Indent = parsed.GetValue(Indent) };
        string[] paths = parsed.GetValue(Paths) is { Length: > 0 } given ? given : ["Dockerfile"];
        bool fails = false;
        foreach (string name in paths)
        {
            string path = Directory.Exists(name) ? Path.Combine(name, "Dockerfile") : name;
            FormatResult result = DockerfileFormat.Format(DockerfileParser.Parse(await ReadAsync(path, cancel)), options);
            foreach (Diagnostic fault in result.Diagnostics) Console.Error.WriteLine(Printable.Of($"{path}:{fault}"));
            fails |= !result.Diagnostics.IsEmpty || (parsed.GetValue(Check) && result.IsChanged);
            if (parsed.GetValue(Check))
            {
                if (result.IsChanged) Console.Out.WriteLine(path);
            }
            else if (!parsed.GetValue(Write) || path == "-") Console.Out.Write(result.Text);
            else if (result.IsChanged) await WriteAsync(path, result.Text, cancel);
        }
        return fails ? ExitCode.Failed : ExitCode.Success;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancel)
    {
        using MemoryStream bytes = new();
        await using (Stream input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path)) await input.CopyToAsync(bytes, cancel);
        try
        {
            return Utf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException failure) // what cannot be read cannot be written as it was
        {
            throw new ImageKitException("IK6003", $"{path} is not UTF-8.", failure.Message, "Convert it.", failure);
        }
    }

    // Beside the file, then into its place: a crash leaves the old file or the new one. A link stays a link.
    private static async Task WriteAsync(string path, string text, CancellationToken cancel)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        string temporary = $"{target}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(temporary, text, Utf8, cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        File.Move(temporary, target, overwrite: true);
        Console.Error.WriteLine($"formatted {path}");
    }
}

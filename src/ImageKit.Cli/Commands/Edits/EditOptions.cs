using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>What all commands that change images have in common: the source, and where the result goes.</summary>
internal sealed class EditOptions
{
    private readonly Argument<string> _source = new("source") { Description = "The image: a name in the store, else in a registry; or oci-layout://DIR[:TAG]", HelpName = "SOURCE" };
    private readonly Option<string[]> _tag = new("--tag", "-t") { Description = "A name for the result; may stand several times", HelpName = "NAME[:TAG]" };
    private readonly Option<bool> _push = new("--push") { Description = "Push the result under its names instead of storing it here" };
    private readonly Option<string[]> _outputs = new("--output", "-o") { Description = "Where else the result goes: type=oci|docker|local|tar,dest=PATH[,tar=false]", HelpName = "OUTPUT" };
    private readonly Option<string[]> _platforms = new("--platform") { Description = "The platforms that the result is to have, with commas between (all)", HelpName = "OS/ARCH[,…]" };
    private readonly Option<bool> _pull = new("--pull") { Description = "Ask the registry even for images that are here" };
    private readonly Option<bool> _attestations = new("--keep-attestations") { Description = "Keep attestations in the index, though they speak of the image from before" };
    private readonly Option<string?> _compression = new("--compression") { Description = "How new layers are compressed: gzip, zstd or none", HelpName = "KIND" };
    private readonly Option<bool> _quiet = SharedOptions.Quiet("Print the digest and nothing else");
    private readonly Option<string?> _progress = SharedOptions.Progress();

    /// <summary>Makes a command with these options behind its own.</summary>
    /// <param name="name">The command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="own">Its own arguments and options.</param>
    public Command Command(string name, string description, params IEnumerable<Symbol> own)
    {
        Command command = new(name, description) { _source };
        foreach (Symbol symbol in own)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }
        foreach (Option option in (Option[])[_tag, _push, _outputs, _platforms, _pull, _attestations, _quiet, _progress]) command.Options.Add(option);
        return command;
    }

    /// <summary>The option of commands that write layers.</summary>
    public Option<string?> Compression
    {
        get
        {
            _compression.AcceptOnlyFromAmong("gzip", "zstd", "none");
            return _compression;
        }
    }

    /// <summary>Carries the steps out and prints the digest of the result.</summary>
    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel, params ImmutableArray<EditStep> steps)
    {
        ImmutableArray<OutputOption> outputs = [.. (parsed.GetValue(_outputs) ?? []).Select(OutputOption.Parse)];
        string[] tags = parsed.GetValue(_tag) ?? [];
        foreach (string tag in tags) SharedOptions.CheckName(tag);
        bool push = parsed.GetValue(_push) || outputs.Any(output => output.Type == "registry" || output.Push);
        if (push && tags.Length == 0) throw new UsageException("There is no name to push to.", "Add -t NAME:TAG.");
        EditRequest request = new(parsed.GetValue(_source)!)
        {
            Steps = steps,
            Platforms = [.. (parsed.GetValue(_platforms) ?? []).SelectMany(text => text.Split(',')).Select(text => SharedOptions.ParsePlatform(text.Trim())!)],
            KeepAttestations = parsed.GetValue(_attestations),
            Pull = parsed.GetValue(_pull),
            Compression = CompressionOf(parsed.GetResult(_compression) is null ? null : parsed.GetValue(_compression)),
            Tags = [.. tags],
            Outputs = [.. outputs.Select(output => output.ToOutput()).OfType<Output>(), .. push ? tags.Select(Output.Push) : []],
        };
        await using ImageKitClient kit = SharedOptions.Open();
        EditResult result;
        await using (IProgressView view = ProgressOption.Open(parsed.GetValue(_quiet) ? "none" : parsed.GetValue(_progress))) result = await kit.EditAsync(request, view, cancel);
        // An archive on standard output must stay whole.
        bool taken = outputs.Any(output => output.Destination == OutputOption.StandardOutput);
        (taken ? Console.Error : Console.Out).WriteLine(result.Digest);
        return ExitCode.Success;
    }

    private static LayerCompression CompressionOf(string? text) => text switch
    {
        "zstd" => LayerCompression.Zstd,
        "none" => LayerCompression.None,
        _ => LayerCompression.Gzip,
    };
}

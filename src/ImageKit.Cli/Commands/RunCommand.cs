using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Progress;
using ImageKit.Sandbox;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit run`: one command in the foreground; the exit code is the command's own.</summary>
internal static class RunCommand
{
    private static readonly Argument<string[]> Words = new("image") { Description = "The image, then the command and its arguments", HelpName = "IMAGE [COMMAND…]", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Remove = new("--rm") { Description = "Docker's; nothing of the container is kept anyway" };
    private static readonly Option<bool> Interactive = new("--interactive", "-i") { Description = "Give the command this standard input" };
    private static readonly Option<bool> Terminal = new("--tty", "-t") { Description = "Give the command a terminal" };
    private static readonly Option<string[]> Env = new("--env", "-e") { Description = "A variable; of a bare name this environment's value", HelpName = "NAME[=VALUE]" };
    private static readonly Option<string[]> Volume = new("--volume", "-v") { Description = "Mount a path of this machine", HelpName = "SOURCE:TARGET[:ro]" };
    private static readonly Option<string?> WorkingDirectory = new("--workdir", "-w") { Description = "The working directory", HelpName = "DIR" };
    private static readonly Option<string?> User = new("--user", "-u") { Description = "The user", HelpName = "NAME|UID[:GROUP]" };
    private static readonly Option<string?> Entrypoint = new("--entrypoint") { Description = "The program instead of the image's ENTRYPOINT", HelpName = "PROGRAM" };
    private static readonly Option<string> Network = new("--network", "--net") { Description = "host (this machine's) or none", HelpName = "KIND", DefaultValueFactory = _ => "host" };
    private static readonly Option<string?> Platform = SharedOptions.Platform();
    private static readonly Option<string?> Runtime = SharedOptions.Runtime();

    public static Command Create(CommandSignals signals)
    {
        Network.AcceptOnlyFromAmong("host", "none");
        Command command = new("run", "Run a command in an image")
        {
            Words, Remove, Interactive, Terminal, Env, Volume, WorkingDirectory, User, Entrypoint, Network, Platform, Runtime,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed, signals, cancel));
        return command.WithExamples("imagekit run --rm -it debian:12 bash", "imagekit run -v $PWD:/work -w /work -e CI=1 app make test", "imagekit run --network none app");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommandSignals signals, CancellationToken cancel)
    {
        string[] words = parsed.GetValue(Words)!;
        var run = new RunImage(words[0])
        {
            Arguments = [.. words.Skip(1)],
            Entrypoint = parsed.GetValue(Entrypoint),
            Environment = [.. Pairs.OrEnvironment(parsed.GetValue(Env) ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")],
            Volumes = [.. (parsed.GetValue(Volume) ?? []).Select(Mount)],
            WorkingDirectory = parsed.GetValue(WorkingDirectory),
            User = parsed.GetValue(User),
            HostNetwork = parsed.GetValue(Network) == "host",
            Interactive = parsed.GetValue(Interactive),
            Terminal = parsed.GetValue(Terminal),
            Platform = SharedOptions.ParsePlatform(parsed.GetValue(Platform)),
            Signals = signals,
        };
        if (run.Terminal && Console.IsInputRedirected) throw new UsageException("-t wants a terminal, but standard input is none.", "Leave -t out.");
        await using ImageKitClient kit = SharedOptions.Open(parsed.GetValue(Runtime));
        await using IProgressView view = new RunView();
        return await kit.RunAsync(run, view, cancel);
    }

    private static VolumeMount Mount(string text)
    {
        string[] parts = text.Split(':');
        bool good = parts.Length is 2 or 3 && parts[0].Length > 0 && parts[1].StartsWith('/') && (parts.Length == 2 || parts[2] is "ro" or "rw");
        if (!good) throw new UsageException($"-v {text} is not SOURCE:TARGET[:ro].", "The target is an absolute path in the image; named volumes are not supported.");
        string source = Path.GetFullPath(parts[0]);
        if (!Path.Exists(source)) throw new UsageException($"-v {text}: there is no {source}.", "Make it first.");
        return new VolumeMount(source, parts[1], parts.Length == 3 && parts[2] == "ro");
    }
}

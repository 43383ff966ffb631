using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageKit;
using ImageKit.Oci;
using ImageKit.Sandbox;
using ImageKit.Sandbox.Tests;

if (args is [DeepStack.Argument, ..]) return DeepStack.Check(args[1..]);

// A program that uses the keeper, as a process of its own: asked over standard input, or by a file if the commands get the standard streams,
// answering over standard output, a line a run.
string text = args is [string file] ? await File.ReadAllTextAsync(file) : await Console.In.ReadLineAsync() ?? "";
KeeperOrder order = JsonSerializer.Deserialize(text, OrderJson.Default.KeeperOrder)!;
try
{
    using LayoutStore images = LayoutStore.Open(Path.Combine(order.Home, "images"));
    using LayerStore layers = LayerStore.Open(Path.Combine(order.Home, "layers"), images);
    ImmutableArray<Digest> stack = order.BaseTar is null ? [] : [await BaseLayer.ImportAsync(order.BaseTar, images, layers)];
    KeeperOptions options = new() { Home = order.Home, Runtime = order.Runtime, InheritStreams = args.Length > 0, WithoutOverlay = order.WithoutOverlay };
    await using Keeper keeper = await Keeper.StartAsync(options);
    foreach (RunOrder run in order.Runs) stack = await RunAsync(keeper, layers, stack, run);
    return 0;
}
catch (ImageKitException failure)
{
    Answer(new RunAnswer(-1, "", "", null, [], failure.Message, default, "", []));
    return 1;
}

static async Task<ImmutableArray<Digest>> RunAsync(Keeper keeper, LayerStore layers, ImmutableArray<Digest> stack, RunOrder run)
{
    Recorder recorder = new();
    using CancellationTokenSource cancelling = new();
    if (run.CancelAfter is { } wait) cancelling.CancelAfter(wait);
    RunAnswer answer = new(-1, "", "", null, [], null, keeper.Mode, keeper.Runtime, keeper.Warnings);
    try
    {
        RunRequest request = run.ToRequest(stack);
        RunResult result = await keeper.RunAsync(request, recorder, cancel: cancelling.Token);
        answer = answer with { ExitCode = result.ExitCode, NewLayer = result.NewLayer?.ToString() };
        if (result.NewLayer is { } made)
        {
            Layer layer = (await layers.FindAsync(made))!;
            answer = answer with { Entries = [.. layer.Toc.Entries.Select(Describe)] };
            stack = stack.Add(made);
        }
    }
    catch (OperationCanceledException)
    {
        answer = answer with { Failure = "cancelled" };
    }
    catch (ImageKitException failure)
    {
        answer = answer with { Failure = failure.Message };
    }
    Answer(answer with { Output = recorder.Output, Errors = recorder.Errors });
    return stack;
}

static string Describe(TocEntry entry) => string.Create(CultureInfo.InvariantCulture,
    $"{entry.Kind} {entry.Path} {Convert.ToString(entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.MtimeSeconds}");

static void Answer(RunAnswer answer) => Console.Out.WriteLine(JsonSerializer.Serialize(answer, OrderJson.Default.RunAnswer));

namespace ImageKit.Sandbox.Tests
{
    /// <summary>What the program is to do.</summary>
    internal sealed record KeeperOrder(string Home, string Runtime, string? BaseTar, ImmutableArray<RunOrder> Runs, bool WithoutOverlay = false);

    /// <summary>A run on top of the base and of all that earlier runs committed.</summary>
    internal sealed record RunOrder(
        ImmutableArray<string> Arguments, ImmutableArray<string> Environment, string WorkingDirectory, uint Uid, uint Gid, ImmutableArray<uint> Groups,
        RunNetwork Network, ImmutableArray<RunMount> Mounts, bool Commit, long Epoch, TimeSpan? CancelAfter, RunStreams Streams = RunStreams.Captured)
    {
        public static RunOrder Of(params string[] arguments) => new([.. arguments], ["PATH=/bin"], "/", 0, 0, [], RunNetwork.Host, [], false, 0, null);

        public static RunOrder Shell(string script) => Of("sh", "-c", script);

        public RunRequest ToRequest(ImmutableArray<Digest> layers) => new()
        {
            Layers = layers,
            Arguments = Arguments,
            Environment = Environment,
            WorkingDirectory = WorkingDirectory,
            Uid = Uid,
            Gid = Gid,
            Groups = Groups,
            Network = Network,
            // A stack of layers that is named by nothing is the run's own.
            Mounts = [.. Mounts.Select(mount => mount is LayersMount { Layers.IsEmpty: true } stack ? stack with { Layers = layers } : mount)],
            Commit = Commit,
            Epoch = Epoch,
            Streams = Streams,
        };
    }

    internal sealed record RunAnswer(
        int ExitCode, string Output, string Errors, string? NewLayer, ImmutableArray<string> Entries, string? Failure, KeeperMode Mode, string Runtime, ImmutableArray<string> Warnings);

    [JsonSerializable(typeof(KeeperOrder))]
    [JsonSerializable(typeof(RunAnswer))]
    internal sealed partial class OrderJson : JsonSerializerContext;

    internal sealed class Recorder : IProgress<RunOutput>
    {
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _errors = new();

        public string Output => _output.ToString();

        public string Errors => _errors.ToString();

        public void Report(RunOutput value) => (value.Error ? _errors : _output).Append(Encoding.UTF8.GetString(value.Bytes.Span));
    }
}

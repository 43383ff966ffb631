using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageKit;
using ImageKit.Sandbox;
using ImageKit.Sandbox.Tests;

// A program that uses the keeper, as a process of its own: asked over standard input, answering over standard output.
KeeperOrder order = JsonSerializer.Deserialize(await Console.In.ReadToEndAsync(), OrderJson.Default.KeeperOrder)!;
try
{
    await using Keeper keeper = await Keeper.StartAsync(order.Options);
    foreach (RunOrder run in order.Runs)
    {
        Recorder recorder = new();
        using CancellationTokenSource cancelling = new();
        if (run.CancelAfter is { } wait) cancelling.CancelAfter(wait);
        try
        {
            RunResult result = run.Root is null ? await keeper.RunAsync(run.Request, recorder, cancelling.Token)
                : await keeper.RunAsync(run.Root, run.Request, recorder, cancelling.Token);
            Answer(new RunAnswer(result.ExitCode, recorder.Output, recorder.Errors, result.NewLayer?.ToString(), null, keeper.Mode, keeper.Runtime, keeper.Warnings));
        }
        catch (OperationCanceledException)
        {
            Answer(new RunAnswer(-1, recorder.Output, recorder.Errors, null, "cancelled", keeper.Mode, keeper.Runtime, keeper.Warnings));
        }
        catch (ImageKitException failure)
        {
            Answer(new RunAnswer(-1, recorder.Output, recorder.Errors, null, failure.Message, keeper.Mode, keeper.Runtime, keeper.Warnings));
        }
    }
    return 0;
}
catch (ImageKitException failure)
{
    Answer(new RunAnswer(-1, "", "", null, failure.Message, default, "", []));
    return 1;
}

static void Answer(RunAnswer answer) => Console.Out.WriteLine(JsonSerializer.Serialize(answer, OrderJson.Default.RunAnswer));

namespace ImageKit.Sandbox.Tests
{
    internal sealed record KeeperOrder(KeeperOptions Options, ImmutableArray<RunOrder> Runs);

    internal sealed record RunOrder(RunRequest Request, string? Root = null, TimeSpan? CancelAfter = null);

    internal sealed record RunAnswer(
        int ExitCode, string Output, string Errors, string? NewLayer, string? Failure, KeeperMode Mode, string Runtime, ImmutableArray<string> Warnings);

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

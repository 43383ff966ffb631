using System.Globalization;
using System.Text;
using ImageKit.Cli.Printing;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Cli.Progress;

/// <summary>Progress as lines, each whole, for pipes and logs; a step's output carries its number and seconds.</summary>
internal sealed class PlainView(TextWriter output) : IProgressView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, StringBuilder> _partial = [];
    private readonly Dictionary<int, long> _started = [];
    private readonly HashSet<Digest> _moving = [];
    private readonly HashSet<(string, Digest)> _moved = [];

    public void Report(BuildEvent value)
    {
        lock (_lock) Show(value);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Show(BuildEvent value)
    {
        switch (value)
        {
            case StepStarted(BuildStep step): Start(step); break;
            case StepCached(BuildStep step): Start(step); output.WriteLine($"#{step.Number} CACHED"); break;
            case StepOutput(BuildStep step, string text, _): Output(step, text); break;
            case StepCompleted(BuildStep step, TimeSpan elapsed): Flush(step); output.WriteLine($"#{step.Number} DONE {HumanText.Seconds(elapsed)}"); break;
            case StepFailed(BuildStep step, _, string message): Flush(step); output.WriteLine($"#{step.Number} ERROR: {Printable.Of(message)}"); break;
            case Transfer transfer: Move(transfer); break;
            case Warning(string message): output.WriteLine($"warning: {Printable.Of(message)}"); break;
            case DiagnosticFound { Diagnostic.Severity: Severity.Error }: break; // the build fails by it, and says so
            case DiagnosticFound(string file, var diagnostic): output.WriteLine($"{file}:{diagnostic}"); break;
            case Exported(string what, Digest digest, TimeSpan elapsed): output.WriteLine($"{what}{(digest.IsDefault ? "" : $" ({digest})")} {HumanText.Seconds(elapsed)}"); break;
        }
    }

    private void Start(BuildStep step)
    {
        if (_started.TryAdd(step.Number, TimeProvider.System.GetTimestamp())) output.WriteLine($"#{step.Number} {step.Name}");
    }

    private void Output(BuildStep step, string text)
    {
        StringBuilder partial = _partial.TryGetValue(step.Number, out StringBuilder? found) ? found : _partial[step.Number] = new();
        int from = 0;
        for (int end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', from = end + 1))
        {
            Line(step, partial.Append(text, from, end - from).ToString());
            partial.Clear();
        }
        partial.Append(text, from, text.Length - from);
    }

    private void Flush(BuildStep step)
    {
        if (!_partial.Remove(step.Number, out StringBuilder? partial) || partial.Length == 0) return;
        Line(step, partial.ToString());
    }

    private void Line(BuildStep step, string line)
    {
        TimeSpan elapsed = _started.TryGetValue(step.Number, out long start) ? TimeProvider.System.GetElapsedTime(start) : TimeSpan.Zero;
        output.WriteLine($"#{step.Number} {elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)} {line.TrimEnd('\r')}");
    }

    // A line when a blob begins and one when it is there: what lies between would fill a log.
    private void Move(Transfer transfer)
    {
        string blob = transfer.Blob.ToString() is { Length: > 19 } text ? text[..19] : transfer.Blob.ToString();
        if (transfer.Bytes < transfer.Total || transfer.Total == 0)
        {
            if (_moving.Add(transfer.Blob)) output.WriteLine($"{transfer.Name}: {blob} {HumanText.Size(transfer.Total)}");
            return;
        }
        if (!_moved.Add((transfer.Name, transfer.Blob))) return;
        output.WriteLine($"{transfer.Name}: {blob} {HumanText.Size(transfer.Total)} {(transfer.Skipped ? "already there" : "done")}");
    }
}

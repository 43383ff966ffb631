using System.Text;
using ImageKit.Cli.Printing;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ImageKit.Cli.Progress;

/// <summary>A live view: a line a step with its time, the last lines of running steps, and a bar for each blob that moves.</summary>
internal sealed class TerminalView : IProgressView
{
    private const int TailLines = 5;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<StepLine> _steps = [];
    private readonly Dictionary<Digest, Transfer> _transfers = [];
    private readonly List<string> _notes = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly Task _drawing;

    public TerminalView() => _drawing = _console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).StartAsync(DrawAsync);

    public void Report(BuildEvent value)
    {
        lock (_lock) Take(value);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _drawing;
        _ended.Dispose();
    }

    private async Task DrawAsync(LiveDisplayContext live)
    {
        while (!_ended.IsCancellationRequested)
        {
            live.UpdateTarget(Picture(final: false));
            live.Refresh();
            await Task.Delay(Frame, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        live.UpdateTarget(Picture(final: true));
        live.Refresh();
    }

    private void Take(BuildEvent value)
    {
        switch (value)
        {
            case StepStarted(BuildStep step): Line(step); break;
            case StepCached(BuildStep step): Line(step).End("CACHED", "blue"); break;
            case StepCompleted(BuildStep step, TimeSpan elapsed): Line(step).End(HumanText.Seconds(elapsed), "green"); break;
            case StepFailed(BuildStep step, _, _): Line(step).End("ERROR", "red"); break;
            case StepOutput(BuildStep step, string text, _): Line(step).Add(text); break;
            case Transfer { Skipped: false } transfer: _transfers[transfer.Blob] = transfer; break;
            case Warning(string message): _notes.Add($"[yellow]warning:[/] {Markup.Escape(message)}"); break;
            case DiagnosticFound { Diagnostic.Severity: Severity.Error }: break; // the build fails by it, and says so
            case DiagnosticFound(string file, var found): _notes.Add($"[yellow]{Markup.Escape(file)}[/]:{Markup.Escape(found.ToString())}"); break;
            case Exported(string what, _, TimeSpan elapsed): _notes.Add($"[green]{Markup.Escape(what)}[/] {HumanText.Seconds(elapsed)}"); break;
        }
    }

    private StepLine Line(BuildStep step)
    {
        StepLine? line = _steps.Find(line => line.Step.Number == step.Number);
        if (line is null) _steps.Add(line = new StepLine(step));
        return line;
    }

    private Rows Picture(bool final)
    {
        lock (_lock)
        {
            List<IRenderable> rows = [.. _notes.Select(note => new Markup(note))];
            foreach (StepLine line in _steps)
            {
                rows.Add(new Markup(line.Head()).Overflow(Overflow.Ellipsis));
                if (line.Running && !final) rows.AddRange(line.Tail(TailLines).Select(text => new Text("    " + text, new Style(Color.Grey)).Overflow(Overflow.Ellipsis)));
            }
            rows.AddRange(_transfers.Values.Where(transfer => !final && transfer.Bytes < transfer.Total).Select(Bar));
            return new Rows(rows);
        }
    }

    private static Markup Bar(Transfer transfer)
    {
        int filled = (int)(transfer.Bytes * 30 / Math.Max(1, transfer.Total));
        string hex = transfer.Blob.Encoded is { Length: > 12 } text ? text[..12] : transfer.Blob.Encoded;
        return new Markup($"  {hex} [green]{new string('━', filled)}[/][grey]{new string('━', 30 - filled)}[/] "
            + $"{HumanText.Size(transfer.Bytes)} / {HumanText.Size(transfer.Total)} {Markup.Escape(transfer.Name)}");
    }

    private sealed class StepLine(BuildStep step)
    {
        private const int KeptCharacters = 8192;

        private readonly long _start = TimeProvider.System.GetTimestamp();
        private readonly StringBuilder _output = new();
        private string? _end;
        private string _color = "default";

        public BuildStep Step => step;

        public bool Running => _end is null;

        public void End(string text, string color) => (_end, _color) = (text, color);

        public void Add(string text)
        {
            _output.Append(text);
            if (_output.Length > 2 * KeptCharacters) _output.Remove(0, _output.Length - KeptCharacters);
        }

        public string Head() => $"[{_color}]{(Running ? "=>" : " >")} {Markup.Escape(step.Name)}[/] "
            + $"[grey]{_end ?? HumanText.Seconds(TimeProvider.System.GetElapsedTime(_start))}[/]";

        public IEnumerable<string> Tail(int lines) => Console(_output.ToString().TrimEnd('\n').Split('\n').TakeLast(lines));

        // Control characters of the command's output would move the cursor of this view.
        private static IEnumerable<string> Console(IEnumerable<string> lines) =>
            lines.Select(line => new string([.. line[(line.TrimEnd('\r').LastIndexOf('\r') + 1)..].Where(c => !char.IsControl(c) || c == '\t')]));
    }
}

using System.Text;

namespace ImageKit.Cli.Progress;

/// <summary>What `run` shows: the command's output as it is, warnings on standard error, and nothing of its own.</summary>
internal sealed class RunView : IProgressView
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Stream _error = Console.OpenStandardError();
    private readonly Lock _lock = new();

    public void Report(BuildEvent value)
    {
        lock (_lock)
        {
            if (value is StepOutput piece) (piece.IsError ? _error : _output).Write(Encoding.UTF8.GetBytes(piece.Text));
            else if (value is CommandRefused refused) Console.Error.WriteLine($"error IK5012: {refused.Message}");
            else if (value is Warning warning) Console.Error.WriteLine($"warning: {warning.Message}");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

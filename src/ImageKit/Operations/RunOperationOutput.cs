using System.Collections.Immutable;
using System.Text;
using ImageKit.Sandbox;

namespace ImageKit.Operations;

/// <summary>Hands on what a command writes as text, and keeps its last lines for the error. RunOperation's sandbox calls it.</summary>
internal sealed class RunOperationOutput(BuildStep? step, IProgress<BuildEvent>? progress) : IProgress<RunOutput>
{
    private const int TailLines = 20;
    private readonly Lock _lock = new();
    private readonly Decoder _output = Encoding.UTF8.GetDecoder();
    private readonly Decoder _error = Encoding.UTF8.GetDecoder();
    private readonly Queue<string> _tail = new();
    private readonly StringBuilder _line = new();

    /// <summary>The last lines, oldest first.</summary>
    public ImmutableArray<string> Tail => [.. _tail];

    public void Report(RunOutput value)
    {
        lock (_lock) // both streams come from threads of their own
        {
            Decoder decoder = value.Error ? _error : _output;
            char[] characters = new char[decoder.GetCharCount(value.Bytes.Span, flush: false)];
            decoder.GetChars(value.Bytes.Span, characters, flush: false);
            string text = new(characters);
            if (text.Length == 0) return;
            Keep(text);
            if (step is not null) progress?.Report(new StepOutput(step, text, value.Error));
        }
    }

    /// <summary>Ends the last line.</summary>
    public void Finish()
    {
        lock (_lock)
            if (_line.Length > 0) End();
    }

    private void Keep(string text)
    {
        foreach (char c in text)
        {
            if (c == '\n') End();
            else if (_line.Length < 4096) _line.Append(c);
        }
    }

    private void End()
    {
        _tail.Enqueue(_line.ToString().TrimEnd('\r'));
        _line.Clear();
        if (_tail.Count > TailLines) _tail.Dequeue();
    }
}

using System.Collections.Concurrent;
using ImageKit.Registry;

namespace ImageKit.Cli.Printing;

/// <summary>Keeps what registries and mirrors gave to know until the command has ended: a progress view may be drawing meanwhile.</summary>
internal sealed class Notices : IProgress<RegistryNotice>
{
    private readonly ConcurrentQueue<RegistryNotice> _kept = new();

    /// <summary>Those of this command.</summary>
    public static Notices OfCommand { get; } = new();

    public void Report(RegistryNotice value) => _kept.Enqueue(value);

    /// <summary>Prints them, each once.</summary>
    public void Write(TextWriter output)
    {
        foreach (string message in _kept.Select(notice => notice.Message).Distinct()) output.WriteLine($"notice: {message}");
    }
}

namespace ImageKit.Cli.Progress;

/// <summary>Chooses how progress is shown: a live view on a terminal, lines in pipes, JSON, or nothing.</summary>
internal static class ProgressOption
{
    public static readonly string[] Values = ["auto", "tty", "plain", "json", "none", "quiet"];

    /// <summary>Opens the view; disposing it draws its last state.</summary>
    public static IProgressView Open(string? value)
    {
        string mode = value ?? Environment.GetEnvironmentVariable("BUILDKIT_PROGRESS") ?? "auto";
        return mode switch
        {
            "none" or "quiet" => new SilentView(),
            "json" or "rawjson" => new JsonView(Console.Error),
            "plain" => new PlainView(Console.Error),
            "tty" => new TerminalView(),
            _ => IsTerminal() ? new TerminalView() : new PlainView(Console.Error),
        };
    }

    private static bool IsTerminal() => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}

/// <summary>Shows the events of a build or a transfer.</summary>
internal interface IProgressView : IProgress<BuildEvent>, IAsyncDisposable;

/// <summary>Shows nothing.</summary>
internal sealed class SilentView : IProgressView
{
    public void Report(BuildEvent value)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

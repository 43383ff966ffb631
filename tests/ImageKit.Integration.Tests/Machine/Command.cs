using System.Diagnostics;
using System.Text;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>One command of this machine: an immutable noun, run as often as one likes.</summary>
internal sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? Folder { get; init; }

    public string? Input { get; init; }

    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The same as the user of <see cref="Rootless"/>; when this is no root, as the same user.</summary>
    public Command As(Account account) => account.Name is null
        ? this
        : this with
        {
            Program = "setpriv",
            Arguments = [$"--reuid={account.Name}", $"--regid={account.Name}", "--init-groups", "--", Program, .. Arguments],
            Environment = new Dictionary<string, string>(Environment) { ["HOME"] = account.Home, ["XDG_RUNTIME_DIR"] = account.Home, ["USER"] = account.Name },
        };

    public Command With(string name, string value) => this with { Environment = new Dictionary<string, string>(Environment) { [name] = value } };

    /// <summary>Runs to the end. Fails the test if that takes longer than <see cref="Patience"/>.</summary>
    public async Task<Result> RunAsync()
    {
        using Running running = Start();
        return await running.EndAsync();
    }

    /// <summary>Runs to the end and expects success.</summary>
    /// <returns>Standard output.</returns>
    public async Task<string> SucceedAsync()
    {
        Result result = await RunAsync();
        Assert.That(result.ExitCode, Is.Zero, $"{this}\n{result.Output}\n{result.Error}");
        return result.Output;
    }

    public Running Start()
    {
        // A test run in the background has signals ignored, and its children inherit that.
        ProcessStartInfo info = new("/usr/bin/env", ["--default-signal=INT,QUIT,HUP,TERM", Program, .. Arguments])
        {
            WorkingDirectory = Folder ?? "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in Environment) info.Environment[name] = value;
        info.Environment["PATH"] = $"{System.Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        return new Running(Process.Start(info)!, this);
    }

    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}

/// <summary>How a command ended.</summary>
internal sealed record Result(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>A command that runs; what it writes is collected from the start.</summary>
internal sealed class Running : IDisposable
{
    private readonly Process _process;
    private readonly Command _command;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    internal Running(Process process, Command command)
    {
        (_process, _command) = (process, command);
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (command.Input is { } input) process.StandardInput.Write(input);
        process.StandardInput.Close();
    }

    public int Id => _process.Id;

    public bool Ended => _process.HasExited;

    public string SoFar
    {
        get { lock (_output) lock (_error) return _output.ToString() + _error; }
    }

    public async Task<Result> EndAsync()
    {
        using CancellationTokenSource late = new(_command.Patience);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"{_command} did not end within {_command.Patience}.\n{SoFar}");
        }
        lock (_output) lock (_error) return new Result(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    /// <summary>Sends a signal, such as INT, to the process alone.</summary>
    public async Task SignalAsync(string signal) => await new Command("kill", $"-{signal}", $"{Id}").SucceedAsync();

    /// <summary>Waits until a text was written.</summary>
    public async Task UntilAsync(string text) => await Wait.UntilAsync(() => SoFar.Contains(text, StringComparison.Ordinal) || Ended, $"'{text}' of {_command}");

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }
}

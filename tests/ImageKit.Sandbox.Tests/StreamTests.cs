using System.Diagnostics;
using System.Text.Json;

namespace ImageKit.Sandbox.Tests;

/// <summary>Commands that have the caller's own standard streams, as `imagekit run` gives them.</summary>
[TestFixtureSource(typeof(Machine), nameof(Machine.FewerCases))]
internal sealed class StreamTests(string runtime, string user)
{
    private string _home = "";

    [SetUp]
    public void SetUp()
    {
        Machine.Require(runtime, user);
        _home = Machine.NewFolder(user);
    }

    [TearDown]
    public void TearDown()
    {
        if (_home.Length > 0) Machine.Delete(_home);
    }

    [Test]
    public void A_pipe_reaches_the_command_and_its_output_comes_back()
    {
        string[] words = [.. Machine.Words(user), Order(RunOrder.Shell("cat; echo seen >&2") with { Streams = RunStreams.Inherited })];
        (string output, string errors) = Run(words[0], words[1..], "typed\n");
        Assert.That(output, Does.StartWith("typed\n").And.Contain("\"ExitCode\":0"));
        Assert.That(errors, Is.EqualTo("seen\n"));
    }

    [Test]
    public void A_terminal_is_a_terminal_inside()
    {
        RunOrder order = RunOrder.Shell("test -t 0 && test -t 1 && test -t 2 && echo is; stty size; read word; echo got $word; sh -c 'echo tty > /dev/tty'; exit 9");
        (string output, _) = Run("script", ["-qec", $"stty rows 33 cols 99; {string.Join(' ', Machine.Words(user))} {Order(order with { Streams = RunStreams.Terminal })}", "/dev/null"], "word\n");
        Assert.That(output.Replace("\r", "", StringComparison.Ordinal), Does.Contain("is\n").And.Contain("33 99\n").And.Contain("got word\ntty\n").And.Contain("\"ExitCode\":9"));
    }

    [Test]
    public void Without_a_terminal_there_is_none_to_give()
    {
        string[] words = [.. Machine.Words(user), Order(RunOrder.Shell("true") with { Streams = RunStreams.Terminal })];
        (string output, _) = Run(words[0], words[1..], "");
        Assert.That(output, Does.Contain("IK5011"));
    }

    private string Order(RunOrder order)
    {
        string path = Path.Combine(_home, "order.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new KeeperOrder(_home, runtime, Machine.BaseTar, [order]), OrderJson.Default.KeeperOrder));
        return path;
    }

    private (string Output, string Errors) Run(string program, string[] arguments, string input)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["HOME"] = _home;
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Flush();
        if (input.Length == 0 || program != "script") process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.Result);
    }
}

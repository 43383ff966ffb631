using System.Diagnostics;

namespace ImageKit.Registry.Tests;

/// <summary>Runs another program as judge.</summary>
internal static class Tool
{
    public static Task<string> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, environment: []);

    public static async Task<string> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        RealRegistry.RequireProgram(program);
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}: {await errors}");
        return await output;
    }
}

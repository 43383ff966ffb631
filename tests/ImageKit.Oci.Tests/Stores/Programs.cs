using System.Diagnostics;

namespace ImageKit.Oci.Tests.Stores;

/// <summary>Other makers' programs, as judges.</summary>
internal static class Programs
{
    /// <summary>Skips the test where a program is missing; with CI=true or as root that is a failure.</summary>
    public static void Require(params string[] programs)
    {
        foreach (string program in programs)
        {
            bool there = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));
            if (there) continue;
            if (Environment.GetEnvironmentVariable("CI") == "true" || Environment.IsPrivilegedProcess) Assert.Fail($"'{program}' is not installed.");
            Assert.Ignore($"'{program}' is not installed.");
        }
    }

    /// <summary>Runs a program to its end and gives its standard output; any other end than 0 fails the test.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments) => await RunAsync([], program, arguments);

    public static async Task<string> RunAsync((string Name, string Value)[] environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{await errors}");
        return await output;
    }
}

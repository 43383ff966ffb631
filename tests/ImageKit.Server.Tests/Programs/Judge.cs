using System.Diagnostics;

namespace ImageKit.Server.Tests.Programs;

/// <summary>Another maker's program as a judge.</summary>
internal static class Judge
{
    private static bool Strict => Environment.GetEnvironmentVariable("IK_STRICT") == "1" || Environment.GetEnvironmentVariable("CI") == "true" || Environment.UserName == "root";

    /// <summary>Runs a program to its end and expects success; gives standard output.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (int code, string output, string error) = await TryAsync(program, arguments);
        Assert.That(code, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }

    public static async Task<(int ExitCode, string Output, string Error)> TryAsync(string program, params string[] arguments)
    {
        string? file = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (file is null && Strict) Assert.Fail($"{program} is missing.");
        if (file is null) Assert.Ignore($"{program} is missing.");
        using Process process = Process.Start(new ProcessStartInfo(file!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}

using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit version`.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Command command = new("version", "Show the versions of the tool and what it runs on");
        command.SetAction(async (_, _) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            string version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            Console.Out.WriteLine($"imagekit {version}");
            Console.Out.WriteLine($"runtime  {RuntimeInformation.FrameworkDescription}");
            Console.Out.WriteLine($"system   {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
            Console.Out.WriteLine($"store    {kit.Home}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit version");
    }
}

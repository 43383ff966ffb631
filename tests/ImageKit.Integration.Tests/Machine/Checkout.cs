using System.Runtime.InteropServices;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>The checkout: the tool that was built from it, and its scripts.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    private static string Rid => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    private static string BuildOutput => Path.Combine(Root, "src/ImageKit.Cli/bin/Release/net10.0");

    /// <summary>IMAGEKIT_TOOL, else what <c>dotnet publish</c> left, else what <c>dotnet build</c> left.</summary>
    public static string Tool { get; } =
        new[] { Environment.GetEnvironmentVariable("IMAGEKIT_TOOL"), Path.Combine(BuildOutput, Rid, "publish", "imagekit"), Path.Combine(BuildOutput, "imagekit") }
            .FirstOrDefault(path => !string.IsNullOrEmpty(path) && File.Exists(path))
        ?? throw new InvalidOperationException("The tool is not built.");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageKit.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not lie in a checkout.");
    }
}

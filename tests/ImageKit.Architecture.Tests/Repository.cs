using System.Diagnostics;

namespace ImageKit.Architecture.Tests;

/// <summary>The checkout that the tests were built from, as text.</summary>
internal static class Repository
{
    /// <summary>The folder that holds ImageKit.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file under <c>src/</c> that somebody wrote.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. FilesUnder("src", "*.cs").Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>Paths below a folder, relative to the root, with forward slashes, without build output.</summary>
    public static IEnumerable<string> FilesUnder(string folder, string pattern) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj")
        orderby path
        select path;

    /// <summary>What git tracks, or would: the files of the index and the new ones that are not ignored.</summary>
    public static IReadOnlyList<string> Tracked()
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.That(git.ExitCode, Is.Zero, "git ls-files failed");
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Path.Combine(Root, path)))];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageKit.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not lie in a checkout.");
    }
}

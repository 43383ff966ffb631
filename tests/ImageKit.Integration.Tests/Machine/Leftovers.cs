namespace ImageKit.Integration.Tests.Machine;

/// <summary>What a killed tool may not leave behind.</summary>
internal static class Leftovers
{
    /// <summary>Waits until no process runs that was started for a home, and asserts that no mount lies in it.</summary>
    public static async Task NoneOfAsync(Home home, string command = "no such command")
    {
        await Wait.UntilAsync(() => Processes(home, command).Count == 0, $"the end of the processes {string.Join(", ", Processes(home, command))}", seconds: 10);
        Assert.That(File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(home.Folder, StringComparison.Ordinal)), Is.Empty, "leftover mounts");
    }

    /// <summary>Whether a command with that text in its line runs anywhere on the machine.</summary>
    public static bool Runs(string command) => Directory.EnumerateDirectories("/proc")
        .Any(folder => int.TryParse(Path.GetFileName(folder), out _) && Contents(folder, "cmdline").Replace('\0', ' ').TrimEnd() == command);

    // By environment, which sandboxed commands do not inherit, or by a root or folder inside the home, which they have.
    private static IReadOnlyList<string> Processes(Home home, string command) =>
        [.. from folder in Directory.EnumerateDirectories("/proc")
            where int.TryParse(Path.GetFileName(folder), out _)
            where Contents(folder, "environ").Contains(home.Folder, StringComparison.Ordinal)
                || Contents(folder, "cmdline").Contains(home.Folder, StringComparison.Ordinal)
                || Contents(folder, "cmdline").Replace('\0', ' ').Contains(command, StringComparison.Ordinal)
            select $"{Path.GetFileName(folder)} {Contents(folder, "cmdline").Replace('\0', ' ')}"];

    private static string Contents(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return ""; // Ended meanwhile, or another user's.
        }
    }
}

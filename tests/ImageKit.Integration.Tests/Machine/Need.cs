namespace ImageKit.Integration.Tests.Machine;

/// <summary>What a test needs of the machine. Missing is a skip on a user's machine; as root or in continuous integration a failure.</summary>
internal static class Need
{
    private static bool Strict => Environment.GetEnvironmentVariable("IK_STRICT") == "1" || Account.IsRoot || Environment.GetEnvironmentVariable("CI") == "true";

    public static void Root()
    {
        if (!Account.IsRoot) Assert.Ignore("Needs root.");
    }

    /// <summary>A program of Debian's package of the same or the given name.</summary>
    public static void Program(string program, string? package = null) =>
        That(Find(program) is not null, $"{program} is missing (package {package ?? program})");

    public static void That(bool there, string otherwise)
    {
        if (there) return;
        if (Strict) Assert.Fail(otherwise);
        else Assert.Ignore(otherwise);
    }

    private static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

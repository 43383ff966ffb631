namespace ImageKit.Integration.Tests.Machine;

/// <summary>Who runs a command.</summary>
/// <param name="Name">A user's name; nothing for the user of the tests.</param>
/// <param name="Home">A folder of that user's.</param>
internal sealed record Account(string? Name, string Home)
{
    private const string TestUser = "iktest";

    /// <summary>The user that runs the tests.</summary>
    public static Account Self { get; } = new(null, Environment.GetEnvironmentVariable("HOME") ?? "/tmp");

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>An ordinary user with subordinate ids: made once when the tests run as root, else their own user.</summary>
    public static Account Rootless => field ??= IsRoot ? MakeTestUser() : Self;

    private static Account MakeTestUser()
    {
        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith(TestUser + ":", StringComparison.Ordinal)))
        {
            new Command("useradd", "--create-home", "--shell", "/bin/sh", TestUser).SucceedAsync().GetAwaiter().GetResult();
        }
        Need.That(File.ReadLines("/etc/subuid").Any(line => line.StartsWith(TestUser + ":", StringComparison.Ordinal)), $"{TestUser} has no line in /etc/subuid");
        return new Account(TestUser, "/home/" + TestUser);
    }
}

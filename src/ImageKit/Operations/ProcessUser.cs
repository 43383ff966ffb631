using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>Finds the numbers behind a USER in the image's own account files.</summary>
internal static class ProcessUser
{
    /// <exception cref="BuildException">The image does not know the name (IK4019).</exception>
    public static async Task<ProcessIdentity> FindAsync(Tree tree, string? user, CancellationToken cancel)
    {
        Accounts accounts = await Accounts.ReadAsync(tree, cancel).ConfigureAwait(false);
        (ProcessIdentity? identity, string? unknown) = accounts.FindIdentity(user);
        return identity ?? throw new BuildException("IK4019", $"USER {user}: the image has no {unknown}.",
            "It is not in the image's /etc/passwd or /etc/group.", "Create it in a RUN before, or write its number.");
    }
}

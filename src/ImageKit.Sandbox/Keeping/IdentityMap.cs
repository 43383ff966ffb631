using System.Diagnostics;
using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>
/// Maps ids into a new user namespace: the user becomes 0, and the subordinate ids, where newuidmap may hand them out, the ids from 1 on.
/// Done here rather than by `unshare --map-auto`, which util-linux has since 2.38 only.
/// </summary>
internal static class IdentityMap
{
    /// <summary>Maps the ids of a process that has just made a user namespace and waits.</summary>
    /// <returns>The mode, and why there is but a single id, if so.</returns>
    /// <exception cref="ImageKitException">Not even the user's own id can be mapped (IK5002).</exception>
    public static async Task<(KeeperMode Mode, string Reason)> MapAsync(int process, CancellationToken cancel)
    {
        string reason = await MapSubordinateAsync(process, cancel).ConfigureAwait(false);
        if (reason.Length == 0) return (KeeperMode.SubordinateIds, "");
        MapSingle(process);
        return (KeeperMode.SingleId, reason);
    }

    private static async Task<string> MapSubordinateAsync(int process, CancellationToken cancel)
    {
        uint uid = Libc.geteuid(), gid = Libc.getegid();
        List<SubordinateRange> uids = SubordinateRange.Read("/etc/subuid", Environment.UserName, uid);
        List<SubordinateRange> gids = SubordinateRange.Read("/etc/subgid", Environment.UserName, uid);
        if (uids.Count == 0 || gids.Count == 0) return $"/etc/subuid and /etc/subgid have no row for {(Environment.UserName is { Length: > 0 } name ? name : $"user {uid}")}";
        string? newuidmap = SearchPath.Find("newuidmap"), newgidmap = SearchPath.Find("newgidmap");
        if (newuidmap is null || newgidmap is null) return "the programs newuidmap and newgidmap are not installed";
        // Groups first: a failure leaves the user's ids unmapped, and the single id is still to be had.
        string failure = await RunAsync(newgidmap, process, SubordinateRange.ToMap(gid, gids), cancel).ConfigureAwait(false);
        return failure.Length > 0 ? failure : await RunAsync(newuidmap, process, SubordinateRange.ToMap(uid, uids), cancel).ConfigureAwait(false);
    }

    private static async Task<string> RunAsync(string program, int process, IEnumerable<string> map, CancellationToken cancel)
    {
        ProcessStartInfo start = new(program, [process.ToString(CultureInfo.InvariantCulture), .. map]) { RedirectStandardError = true };
        using Process running = Process.Start(start)!;
        string errors = await running.StandardError.ReadToEndAsync(cancel).ConfigureAwait(false);
        await running.WaitForExitAsync(cancel).ConfigureAwait(false);
        return running.ExitCode == 0 ? "" : errors.Trim() is { Length: > 0 } said ? said : $"{program} failed with {running.ExitCode}";
    }

    private static void MapSingle(int process)
    {
        try
        {
            string folder = $"/proc/{process}";
            if (Libc.geteuid() != 0 && File.ReadAllText($"{folder}/gid_map").Trim().Length == 0)
            {
                File.WriteAllText($"{folder}/setgroups", "deny"); // the kernel's condition for mapping a group without privileges
                File.WriteAllText($"{folder}/gid_map", $"0 {Libc.getegid()} 1");
            }
            File.WriteAllText($"{folder}/uid_map", $"0 {Libc.geteuid()} 1");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImageKitException("IK5002", "Cannot make a user namespace for running commands.", failure.Message,
                "Run as root, or let ordinary users make user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, AppArmor's restriction).",
                failure);
        }
    }
}

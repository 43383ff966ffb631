using System.Collections.Frozen;

namespace ImageKit.Cli.Parsing;

/// <summary>
/// Docker's flags that this tool does not have yet, for each command: they are refused by name, never ignored, as the result would differ.
/// </summary>
internal static class DockerFlags
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Unsupported = new Dictionary<string, FrozenSet<string>>
    {
        ["build"] = Set("--add-host --allow --annotation --attest --builder --cache-from --cache-to --cgroup-parent --compress --cpu-period "
            + "--cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --disable-content-trust --force-rm --isolation --memory --memory-swap --network "
            + "--no-cache-filter --policy --provenance --resource --rm --sbom --security-opt --shm-size --squash --ssh --ulimit -c -m"),
        ["pull"] = Set("--all-tags --disable-content-trust -a"),
        ["push"] = Set("--all-tags --disable-content-trust -a"),
        ["run"] = Set("--add-host --annotation --attach --blkio-weight --cap-add --cap-drop --cgroup-parent --cgroupns --cidfile --cpus --cpu-shares "
            + "--cpuset-cpus --detach --detach-keys --device --dns --dns-option --dns-search --domainname --env-file --expose --gpus --group-add "
            + "--health-cmd --hostname --init --ip --ip6 --ipc --isolation --kernel-memory --label --label-file --link --log-driver --log-opt "
            + "--mac-address --memory --memory-reservation --memory-swap --mount --name --network-alias --no-healthcheck --oom-kill-disable --pid "
            + "--pids-limit --privileged --publish --publish-all --pull --read-only --restart --security-opt --shm-size --sig-proxy --stop-signal "
            + "--stop-timeout --storage-opt --sysctl --tmpfs --ulimit --userns --uts --volume-driver --volumes-from -a -c -d -l -m -p -P"),
        ["inspect"] = Set("--format --size --type -f -s"),
        ["images"] = Set("--filter --format -f"),
        ["save"] = Set("--platform"),
        ["load"] = Set("--platform"),
        ["rmi"] = Set("--no-prune --platform"),
        ["history"] = Set("--format --platform"),
        ["prune"] = Set("--volumes"),
    }.ToFrozenDictionary();

    /// <summary>Throws if the arguments of <paramref name="command"/> hold a flag of Docker's that is not supported here.</summary>
    public static void Refuse(string command, IEnumerable<string> arguments)
    {
        if (!Unsupported.TryGetValue(command, out FrozenSet<string>? flags)) return;
        foreach (string argument in arguments.TakeWhile(argument => argument != "--"))
        {
            string name = argument.Split('=', 2)[0];
            // `-p80:80` is `-p 80:80`.
            if (!flags.Contains(name) && name.Length > 2 && name[0] == '-' && name[1] != '-') name = name[..2];
            if (!flags.Contains(name)) continue;
            throw new UsageException($"'imagekit {command}' does not support Docker's flag {name} yet.",
                why: "It would change the result, so it is not ignored.", mend: $"Leave {name} out; 'imagekit {command} --help' lists what there is.");
        }
    }

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet();
}

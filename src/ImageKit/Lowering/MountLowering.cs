using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>Lowers the mounts of one RUN.</summary>
internal sealed class MountLowering(LoweringInput input, Lowerer lowerer, Stage stage, StageState state)
{
    /// <summary>The mounts so far.</summary>
    public ImmutableArray<RunMountSpec> Specs { get; private set; } = [];

    /// <summary>Variables that hold secrets.</summary>
    public ImmutableArray<string> Environment { get; private set; } = [];

    public void Add(RunMountSpec spec) => Specs = Specs.Add(spec);

    /// <exception cref="BuildException">A field is faulty (IK4002) or of a kind that cannot be had (IK4005), or a secret is missing (IK4006).</exception>
    public void Add(MountFlag flag)
    {
        MountResolution resolution = flag.Resolve(state.Lookup, input.Escape);
        if (resolution.Mount is not { } mount)
        {
            Diagnostic fault = resolution.Diagnostics[0];
            throw new BuildException("IK4002", fault.Message, "", fault.Mend ?? "") { File = input.File, Span = fault.Span };
        }
        switch (mount.Type)
        {
            case MountType.Bind:
                Bind(mount);
                break;
            case MountType.Cache:
                Cache(mount);
                break;
            case MountType.Tmpfs:
                Add(new TmpfsMountSpec(Target(mount.Target), mount.SizeBytes ?? 0));
                break;
            case MountType.Secret:
                Secret(mount);
                break;
            default:
                throw RunLowering.Unsupported("RUN --mount=type=ssh", "An agent's socket cannot be handed to commands yet.");
        }
    }

    private void Bind(RunMount mount)
    {
        string source = "/" + TreePaths.Clean(mount.Source ?? "");
        Operation from = mount.From is { } name ? lowerer.Files(stage, name) : input.Context;
        // A directory of the machine becomes a layer of just what is mounted: ignored files stay out, and the key is of what is used.
        if (from is ContextOperation) from = new CopyOperation(new ScratchOperation(), from, [source], "/") { Parents = true, Time = input.Time };
        Add(new BindMountSpec(Target(mount.Target), from, source, mount.ReadOnly));
    }

    private void Cache(RunMount mount)
    {
        if (mount.From is not null) throw RunLowering.Unsupported("RUN --mount=type=cache,from=", "A cache begins empty.");
        if (mount.Sharing == CacheSharing.Private) throw RunLowering.Unsupported("RUN --mount=type=cache,sharing=private", "Caches are shared or locked.");
        if ((mount.UserId ?? 0) != 0 || (mount.GroupId ?? 0) != 0 || mount.Mode is not null)
            throw RunLowering.Unsupported("RUN --mount=type=cache with uid, gid or mode", "A cache's directory is root's, with mode 0755.");
        string target = Target(mount.Target);
        string space = input.BuildArgs.TryGetValue("BUILDKIT_CACHE_MOUNT_NS", out string? given) ? given + "/" : "";
        Add(new CacheMountSpec(target, space + (mount.Id ?? target), mount.Sharing == CacheSharing.Locked, mount.ReadOnly));
    }

    private void Secret(RunMount mount)
    {
        string id = mount.Id ?? TreePaths.Name(mount.Target ?? "");
        if (!input.Secrets.TryGetValue(id, out SecretFile? secret))
        {
            if (!mount.Required) return;
            throw new BuildException("IK4006", $"secret {id}: not found.", "RUN requires a secret that the build was not given.", $"Give it with the build.");
        }
        if ((mount.UserId ?? 0) != 0 || (mount.GroupId ?? 0) != 0 || mount.Mode is not (null or 0x100))
            throw RunLowering.Unsupported("RUN --mount=type=secret with uid, gid or mode", "A secret's file is root's, with mode 0400.");
        if (mount.EnvironmentVariable is { } variable) Environment = Environment.Add($"{variable}={secret.Text()}");
        if (mount.EnvironmentVariable is null || mount.Target is not null)
            Add(new SecretMountSpec(Target(mount.Target ?? $"/run/secrets/{id}"), id, secret.Path));
    }

    // Without a target the working directory is meant, as with BuildKit.
    private string Target(string? target)
    {
        string path = Paths.Absolute(state.WorkingDirectory, target ?? "");
        return path != "/" ? path : throw new BuildException("IK4002", "invalid mount target \"/\"", "Nothing can be mounted over the whole root filesystem.", "Write target= with a directory below.");
    }
}

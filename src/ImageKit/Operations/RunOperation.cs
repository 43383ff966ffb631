using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Sandbox;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>RUN: one command in the base's root filesystem; what it changes is the layer.</summary>
/// <param name="Base">The root filesystem.</param>
/// <param name="Arguments">The program and its arguments.</param>
internal sealed record RunOperation(Operation Base, ImmutableArray<string> Arguments) : LayerOperation
{
    /// <summary>The environment, as `NAME=value`.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Variables that the result does not depend on, such as proxies and secrets.</summary>
    public ImmutableArray<string> UnkeyedEnvironment { get; init; } = [];

    /// <summary>The working directory, absolute.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The user as text; null for root.</summary>
    public string? User { get; init; }

    /// <summary>The host name that the command sees.</summary>
    public string Hostname { get; init; } = "buildkitsandbox";

    /// <summary>Whether the command has no network but its own loopback.</summary>
    public bool NoNetwork { get; init; }

    /// <summary>What is mounted.</summary>
    public ImmutableArray<RunMountSpec> Mounts { get; init; } = [];

    /// <summary>The platform that the command is for.</summary>
    public string Platform { get; init; } = "";

    /// <summary>The time of every entry of the layer.</summary>
    public EntryTime Time { get; init; }

    public override ImmutableArray<Operation> Inputs => [Base, .. Mounts.OfType<BindMountSpec>().Select(mount => mount.From)];

    protected internal override async ValueTask<bool> TryWriteKeyAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        key.Tag("run/1").Texts("arguments", Arguments).Texts("environment", Environment).Text("directory", WorkingDirectory).Text("user", User)
            .Text("hostname", Hostname).Flag("no network", NoNetwork).Text("platform", Platform).Text("time", Time.KeyText)
            .Content("base", await inputs[0].GetContentKeyAsync(cancel).ConfigureAwait(false));
        int bind = 1;
        foreach (RunMountSpec mount in Mounts)
        {
            mount.WriteKey(key);
            if (mount is BindMountSpec files) key.Content("mounted", await MountedAsync(inputs[bind++], files.Source, cancel).ConfigureAwait(false));
        }
        return true;
    }

    protected internal override async Task<LayerResult> RunAsync(ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        Tree below = await inputs[0].GetTreeAsync(cancel).ConfigureAwait(false);
        ProcessIdentity identity = await ProcessUser.FindAsync(below, User, cancel).ConfigureAwait(false);
        foreach (Snapshot input in inputs) await context.Snapshots.EnsureAsync(input.Layers, cancel).ConfigureAwait(false);
        RunOperationMounts mounts = await RunOperationMounts.OpenAsync(Mounts, inputs, context, cancel).ConfigureAwait(false);
        await using var held = mounts.ConfigureAwait(false);
        if (!OperatingSystem.IsLinux()) throw new BuildException("IK4007", "RUN needs Linux.", "Commands run in Linux's namespaces.", "Build on Linux, or do without RUN.");
        Keeper keeper = await context.Keeper.GetAsync(cancel).ConfigureAwait(false);
        RunRequest request = new()
        {
            Layers = [.. inputs[0].Layers.Select(layer => layer.DiffId)],
            Arguments = Arguments,
            Environment = [.. Environment, .. UnkeyedEnvironment],
            WorkingDirectory = WorkingDirectory,
            Uid = identity.Owner.Uid,
            Gid = identity.Owner.Gid,
            Groups = [.. identity.Groups],
            Hostname = Hostname,
            Network = NoNetwork ? RunNetwork.None : RunNetwork.Host,
            Mounts = mounts.All,
            Commit = true,
            Epoch = Time.Seconds,
        };
        RunOperationOutput transcript = new(Step, context.Progress);
        RunResult result = await keeper.RunAsync(request, transcript, cancel: cancel).ConfigureAwait(false);
        transcript.Finish();
        return result is { ExitCode: 0, NewLayer: { } layer } ? new LayerResult(layer, null) : throw Failed(result.ExitCode, transcript);
    }

    private static async ValueTask<Hash256> MountedAsync(Snapshot from, string source, CancellationToken cancel)
    {
        if (TreePaths.Clean(source).Length == 0) return await from.GetContentKeyAsync(cancel).ConfigureAwait(false);
        Tree tree = await from.GetTreeAsync(cancel).ConfigureAwait(false);
        return tree.Resolve(TreePaths.Clean(source), followLast: true).Node?.Key ?? throw new BuildException("IK4011",
            $"\"{source}\": not found.", "It is not in what the mount takes its files from.", "Check the mount's 'source' and 'from'.");
    }

    private BuildException Failed(int exitCode, RunOperationOutput transcript) => new("IK4001",
        $"The command ended with exit code {exitCode}: {string.Join(' ', Arguments)}",
        exitCode switch
        {
            126 => "Its program cannot be executed.",
            127 => "Its program was not found.",
            137 => "It was killed, perhaps for want of memory.",
            _ => "",
        }, "See its last output; 'imagekit run' of the stage before, with --target, lets you try it by hand.")
    {
        ExitCode = exitCode,
        OutputTail = transcript.Tail,
    };
}

using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Text;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Sandbox;
using ImageKit.Snapshots;

namespace ImageKit;

/// <content>Running what is in the store.</content>
public sealed partial class ImageKitClient
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Runs a command in an image, in the foreground, with the caller's own standard streams.</summary>
    /// <param name="run">What to run, and how.</param>
    /// <param name="progress">Is told of what had to be pulled, and of warnings.</param>
    /// <param name="cancel">Kills the command.</param>
    /// <returns>The command's exit code; 128 and the signal's number if a signal ended it; 127 if its program was not found, 126 if it cannot be executed.</returns>
    /// <exception cref="ImageKitException">The image is nowhere (IK4034), its user unknown (IK4019), there is no command (IK4024), or the sandbox fails (IK50xx).</exception>
    public async Task<int> RunAsync(RunImage run, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!OperatingSystem.IsLinux()) throw new ImageKitException("IK4007", "Running needs Linux.", "Commands run in Linux's namespaces.", "Run it on Linux.");
        using Stores stores = Stores.Open(Home);
        StoreImages images = new(stores);
        Descriptor root = await images.TryFindAsync(run.Image, cancel).ConfigureAwait(false)
            ?? (await PullAsync(stores, References.Parse(run.Image).TagOrLatest, run.Platform, progress, cancel).ConfigureAwait(false)).Root;
        Image image = new(stores.Images, await images.ManifestAsync(root, run.Platform, cancel).ConfigureAwait(false));
        ImageConfig config = await image.GetConfigAsync(cancel).ConfigureAwait(false);
        LayerFetcher fetcher = new(stores.Layers, stores.Images, progress);
        SnapshotStore snapshots = new(stores.Layers, fetcher, new ContentKeyMemo(stores.ContentKeys));
        ImageOperation layers = ImageOperation.Of(await image.GetManifestAsync(cancel).ConfigureAwait(false), config, stores.Images, run.Image);
        await snapshots.EnsureAsync(layers.Layers, cancel).ConfigureAwait(false);
        Tree tree = await snapshots.GetTreeAsync(layers.Layers, cancel).ConfigureAwait(false);
        ProcessIdentity identity = await ProcessUser.FindAsync(tree, run.User ?? config.Config?.User, cancel).ConfigureAwait(false);
        return await StartAsync(Request(run, config.Config ?? new(), layers, identity), run, progress, cancel).ConfigureAwait(false);
    }

    [SupportedOSPlatform("linux")]
    private async Task<int> StartAsync(RunRequest request, RunImage run, IProgress<BuildEvent>? progress, CancellationToken cancel)
    {
        KeeperOptions options = new()
        {
            Home = Home,
            Runtime = run.Runtime ?? _options.Runtime,
            KeeperPath = _options.KeeperPath,
            InheritStreams = true,
            EmptyInput = !run.Interactive && !run.Terminal,
        };
        Keeper keeper = await Keeper.StartAsync(options, cancel).ConfigureAwait(false);
        await using (keeper.ConfigureAwait(false))
        {
            foreach (string warning in keeper.Warnings) progress?.Report(new Warning(warning));
            if (keeper.Mode == KeeperMode.SingleId && request is not { Uid: 0, Gid: 0 })
            {
                // Nothing of it is kept, so no wrong owner can come of it; a RUN is refused instead.
                progress?.Report(new Warning($"User {request.Uid}:{request.Gid} is not to be had: the command runs as root inside, which is yourself outside."));
                request = request with { Uid = 0, Gid = 0, Groups = [] };
            }
            return (await keeper.RunAsync(request, new Refusals(progress), run.Signals, cancel).ConfigureAwait(false)).ExitCode;
        }
    }

    private static RunRequest Request(RunImage run, ContainerConfig config, ImageOperation layers, ProcessIdentity identity)
    {
        ImmutableArray<string> entrypoint = run.Entrypoint is null ? config.Entrypoint ?? [] : run.Entrypoint.Length == 0 ? [] : [run.Entrypoint];
        // The image's CMD belongs to its own ENTRYPOINT.
        ImmutableArray<string> arguments = !run.Arguments.IsEmpty ? run.Arguments : run.Entrypoint is null ? config.Cmd ?? [] : [];
        if (entrypoint.IsEmpty && arguments.IsEmpty) throw new ImageKitException("IK4024", $"No command to run in {run.Image}.", "The image has neither ENTRYPOINT nor CMD.", "Write a command behind the image's name.");
        return new()
        {
            Layers = [.. layers.Layers.Select(layer => layer.DiffId)],
            Arguments = [.. entrypoint, .. arguments],
            Environment = Variables(run, config),
            WorkingDirectory = run.WorkingDirectory ?? (config.WorkingDir is { Length: > 0 } directory ? directory : "/"),
            Uid = identity.Owner.Uid,
            Gid = identity.Owner.Gid,
            Groups = [.. identity.Groups],
            Hostname = run.Hostname,
            Network = run.HostNetwork ? RunNetwork.Host : RunNetwork.None,
            Mounts = [.. run.Volumes.Select(volume => new BindMount(Path.GetFullPath(volume.Source), volume.Target, volume.ReadOnly))],
            Streams = run.Terminal ? RunStreams.Terminal : RunStreams.Inherited,
        };
    }

    private static ImmutableArray<string> Variables(RunImage run, ContainerConfig config)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        IEnumerable<string> all = [DefaultPath, $"HOSTNAME={run.Hostname}", .. run.Terminal ? new[] { "TERM=xterm" } : [], .. config.Env ?? [], .. run.Environment];
        foreach (string text in all) variables[text.Split('=')[0]] = text;
        return [.. variables.Values];
    }

    // With inherited streams a keeper passes on nothing but why a command could not be started.
    private sealed class Refusals(IProgress<BuildEvent>? progress) : IProgress<RunOutput>
    {
        public void Report(RunOutput value) => progress?.Report(new CommandRefused(Encoding.UTF8.GetString(value.Bytes.Span).TrimEnd()));
    }
}

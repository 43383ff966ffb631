using System.Collections.Immutable;
using ImageKit.Assembly;
using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Lowering;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Snapshots;

namespace ImageKit;

/// <summary>The door to everything: builds, moves, shows and runs images. One instance may be used by many threads, and many processes may share its folder.</summary>
public sealed partial class ImageKitClient : IAsyncDisposable, IDisposable
{
    private readonly ImageKitOptions _options;
    private readonly Lazy<RegistryClient> _registry;

    private ImageKitClient(ImageKitOptions options)
    {
        _options = options;
        _registry = new(() => new RegistryClient(options.ToRegistryOptions()));
    }

    /// <summary>The registries, as this client reaches them.</summary>
    public RegistryClient Registry => _registry.Value;

    /// <summary>Makes a client. Nothing is opened or written until something is asked of it.</summary>
    /// <param name="options">How it works; null for the standard way. Later changes to it have no effect.</param>
    public static ImageKitClient Create(ImageKitOptions? options = null) => new((options ?? new()).Copy());

    /// <summary>Makes a client.</summary>
    /// <param name="configure">Sets what is not to be as usual.</param>
    public static ImageKitClient Create(Action<ImageKitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ImageKitOptions options = new();
        configure(options);
        return new(options);
    }

    /// <summary>The folder of the client's stores and caches.</summary>
    public string Home => _options.HomeFolder;

    /// <summary>Builds a Dockerfile.</summary>
    /// <param name="build">What to build, and where the result goes.</param>
    /// <param name="progress">Is told what happens, from many threads.</param>
    /// <param name="cancel">Stops the build; no process and no mount stays behind.</param>
    /// <exception cref="BuildException">The Dockerfile is faulty, or a step failed (IK30xx, IK40xx).</exception>
    /// <exception cref="ImageKitException">A registry, a store or a file failed.</exception>
    public async Task<BuildResult> BuildAsync(DockerfileBuild build, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        if (build.Epoch is { IsCommit: true }) build = build with { Epoch = SourceEpoch.At(await CommitTime.ReadAsync(build.ContextPath == "-" ? null : build.ContextPath, cancel).ConfigureAwait(false)) };
        BuildReport report = new(progress);
        BuildSession session = new(_options, build, Registry, report);
        await using var closing = session.ConfigureAwait(false);
        BuildSource source = await BuildSource.OpenAsync(build, session.Opener, session.Context.Scratch, cancel).ConfigureAwait(false);
        await using var context = source.Context.ConfigureAwait(false);
        try
        {
            return await BuildAsync(build, source, session, report, cancel).ConfigureAwait(false);
        }
        catch (BuildException failure) when (failure.Excerpt.IsEmpty)
        {
            throw failure.Quoting(source.Text);
        }
    }

    private static async Task<BuildResult> BuildAsync(DockerfileBuild build, BuildSource source, BuildSession session, BuildReport report, CancellationToken cancel)
    {
        ImmutableArray<ImageReference> tags = [.. build.Tags.Select(tag => References.Parse(tag).TagOrLatest)];
        DockerfileSyntax syntax = BuildPlan.Parse(source, report);
        BuildPlan plan = BuildPlan.Make(build, syntax, source, session);
        ImmutableArray<LoweredImage> lowered = await plan.LowerAsync(session, cancel).ConfigureAwait(false);
        ImmutableArray<Snapshot> snapshots = await session.Solver.SolveAsync([.. lowered.Select(image => image.Head)], cancel).ConfigureAwait(false);
        await source.Context.RememberAsync(cancel).ConfigureAwait(false);
        await session.Names.RememberAsync(cancel).ConfigureAwait(false);
        ImageAssembler assembler = new(session.Stores.Images, session.Stores.Layers);
        ImmutableArray<AssembledImage> images = [.. await Task.WhenAll(lowered.Zip(snapshots, (image, files) => assembler.AssembleAsync(image, files, cancel))).ConfigureAwait(false)];
        Descriptor root = await assembler.RootAsync(images, cancel).ConfigureAwait(false);
        ImmutableArray<Exported> outputs = await plan.ExportAsync(session, root, images, tags, cancel).ConfigureAwait(false);
        return new()
        {
            Root = root,
            Reference = tags.IsEmpty ? root.Digest.ToString() : tags[0].ToString(),
            Images = [.. images.Select(image => new PlatformImage(image.Lowered.Platform, image.Manifest, image.Config))],
            Steps = session.Solver.Steps,
            Outputs = outputs,
            Warnings = report.Warnings,
        };
    }

    /// <summary>Gives back connections and files. What was stored stays.</summary>
    public void Dispose()
    {
        if (_registry.IsValueCreated) _registry.Value.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

namespace ImageKit;

/// <summary>The door to everything: builds, moves, shows and runs images. One instance may be used by many threads, and many processes may share its folder.</summary>
public sealed partial class ImageKitClient : IAsyncDisposable
{
    private readonly ImageKitOptions _options;

    private ImageKitClient(ImageKitOptions options) => _options = options;

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
    public Task<BuildResult> BuildAsync(DockerfileBuild build, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Gives back connections and files. What was stored stays.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit;

/// <summary>The stores in ImageKit's folder, and a lease: while it is held, a sweep takes nothing that was used since it began.</summary>
internal sealed class Stores : IDisposable
{
    private readonly FileLock _lease;
    private readonly string _leaseFile;

    private Stores(string home, LayoutStore images, LayerStore layers, string leaseFile, FileLock lease) =>
        (Home, Images, Layers, _leaseFile, _lease) = (home, images, layers, leaseFile, lease);

    /// <summary>The folder.</summary>
    public string Home { get; }

    /// <summary>The images: an OCI layout.</summary>
    public LayoutStore Images { get; }

    /// <summary>The layers.</summary>
    public LayerStore Layers { get; }

    /// <summary>Results of operations by key.</summary>
    public string Results => Path.Combine(Home, "cache", "results");

    /// <summary>What names of images meant when they were last looked up.</summary>
    public string Names => Path.Combine(Home, "cache", "names");

    /// <summary>Content keys of stacks of layers.</summary>
    public string ContentKeys => Path.Combine(Home, "cache", "trees");

    /// <summary>Hashes of the files of build contexts.</summary>
    public string Stats => Path.Combine(Home, "cache", "stats");

    /// <summary>Directories of `RUN --mount=type=cache`.</summary>
    public string CacheMounts => Path.Combine(Home, "cache", "mounts");

    /// <summary>When images came here: one empty file an image, whose time tells.</summary>
    public string Added => Path.Combine(Home, "cache", "added");

    /// <summary>Files that need not outlive what is going on.</summary>
    public string Scratch => Leases.ScratchOf(Home, _leaseFile);

    /// <summary>What is known of unfinished pushes.</summary>
    public string Sessions => Path.Combine(Home, "uploads", "sessions");

    /// <summary>The lease of this process.</summary>
    public string LeasePath => _leaseFile;

    /// <summary>Opens the stores, making what is missing and taking away the scratch of dead processes.</summary>
    /// <exception cref="ImageKitException">The folder cannot be made or written (IK4040).</exception>
    public static Stores Open(string home)
    {
        try
        {
            (string leaseFile, FileLock lease) = Leases.Take(home);
            Leases.SweepDead(home, leaseFile);
            LayoutStore images = LayoutStore.Open(Path.Combine(home, "images"));
            return new(home, images, LayerStore.Open(Path.Combine(home, "layers"), images), leaseFile, lease);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageKitException("IK4040", $"ImageKit's folder '{home}' cannot be used.", e.Message, "Set IMAGEKIT_HOME to a folder that you may write.", e);
        }
    }

    /// <summary>Takes note of when an image came here.</summary>
    public void MarkAdded(Digest root, TimeProvider time)
    {
        Directory.CreateDirectory(Added);
        string path = Path.Combine(Added, root.Encoded);
        File.WriteAllBytes(path, []);
        File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>When an image came here; null if that is not known.</summary>
    public DateTimeOffset? AddedAt(Digest root) =>
        Path.Combine(Added, root.Encoded) is var path && File.Exists(path) ? new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero) : null;

    public void Dispose()
    {
        Layers.Dispose();
        Images.Dispose();
        if (Directory.Exists(Scratch)) Directory.Delete(Scratch, recursive: true);
        File.Delete(_leaseFile);
        _lease.Dispose();
    }
}

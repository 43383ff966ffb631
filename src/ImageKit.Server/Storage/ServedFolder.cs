using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Server;

/// <summary>The folder of a registry, locked while it is served or swept: what was pushed, and apart from it what is cached of upstreams.</summary>
internal sealed class ServedFolder : IDisposable
{
    private const string Version = "imagekit-registry 1\n";

    private readonly FileLock _lock;

    private ServedFolder(FileLock held, string root, long? mostBytes)
    {
        DiskPaths cached = new(Path.Combine(root, "cache"));
        DiskBudget budget = new(mostBytes, cached);
        _lock = held;
        Content = DiskContent.Open(root, budget);
        Cache = DiskContent.Open(cached.Root, budget, origin: "hit");
    }

    /// <summary>What was pushed.</summary>
    public DiskContent Content { get; }

    /// <summary>What is cached of upstreams.</summary>
    public DiskContent Cache { get; }

    /// <summary>Where the key of tokens lies.</summary>
    public string TokenKeyPath => Path.Combine(Content.Paths.Root, "token.key");

    /// <exception cref="ImageKitException">Another process has it (IK2071), or it is a folder of something else (IK2076).</exception>
    /// <exception cref="ContentException">It cannot be written (IK1002, IK1003).</exception>
    public static ServedFolder Open(string root, long? mostBytes = null)
    {
        root = Path.GetFullPath(root);
        try
        {
            DiskFiles.MakeFolder(root);
            string version = Path.Combine(root, "registry-version");
            if (!File.Exists(version))
            {
                if (Directory.EnumerateFileSystemEntries(root).Any(entry => Path.GetFileName(entry) is not ("lost+found" or "lock")))
                    throw new ImageKitException("IK2076", $"'{root}' holds something else than a registry.", "", "Name an empty folder, or one that 'imagekit registry serve' made.");
                File.WriteAllText(version, Version);
            }
            else if (File.ReadAllText(version) != Version)
            {
                throw new ImageKitException("IK2076", $"'{root}' holds a registry of another version.", "", "Use the imagekit that made it, or copy its content to a new one.");
            }
            FileLock held = FileLock.TryAcquire(Path.Combine(root, "lock")) ?? throw new ImageKitException("IK2071", $"'{root}' is in use by another registry.", "",
                "Stop the other one, or name another folder. A registry that is served sweeps itself: see --gc-interval.");
            try
            {
                return new(held, root, mostBytes);
            }
            catch (ImageKitException)
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFaults.Of(e, root, "opening the registry");
        }
    }

    /// <summary>Sweeps what no manifest needs.</summary>
    public async Task<SweepReport> SweepAsync(SweepRules rules, CancellationToken cancel)
    {
        SweepReport pushed = await new DiskSweep(Content, rules).RunAsync(cancel).ConfigureAwait(false);
        SweepReport cached = await new DiskSweep(Cache, rules with { Untagged = false }).RunAsync(cancel).ConfigureAwait(false);
        return pushed.And(cached);
    }

    public void Dispose() => _lock.Dispose();
}

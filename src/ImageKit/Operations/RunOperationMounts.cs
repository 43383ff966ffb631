using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ImageKit.Sandbox;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>The mounts of one RUN as the sandbox takes them; holds the locks of caches until the command has ended. Used by RunOperation alone.</summary>
internal sealed class RunOperationMounts : IAsyncDisposable
{
    private readonly List<FileStream> _locks = [];

    private RunOperationMounts()
    {
    }

    public ImmutableArray<RunMount> All { get; private set; } = [];

    public static async Task<RunOperationMounts> OpenAsync(ImmutableArray<RunMountSpec> specs, ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        RunOperationMounts mounts = new();
        int bind = 1;
        foreach (RunMountSpec spec in specs)
        {
            mounts.All = mounts.All.Add(spec switch
            {
                BindMountSpec files => new LayersMount([.. inputs[bind++].Layers.Select(layer => layer.DiffId)], files.Source, files.Target, files.ReadOnly),
                CacheMountSpec cache => new BindMount(await mounts.CacheAsync(cache, context.CacheMounts, cancel).ConfigureAwait(false), cache.Target, cache.ReadOnly),
                TmpfsMountSpec memory => new TemporaryMount(memory.Target, memory.Bytes),
                SecretMountSpec secret => new BindMount(secret.Path, secret.Target, ReadOnly: true),
                _ => throw new ArgumentOutOfRangeException(nameof(specs), spec, "An unknown kind of mount."),
            });
        }
        return mounts;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FileStream held in _locks) await held.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<string> CacheAsync(CacheMountSpec cache, string directory, CancellationToken cancel)
    {
        string folder = Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cache.Id)))[..32]);
        Directory.CreateDirectory(folder);
        while (cache.Exclusive)
        {
            try
            {
                _locks.Add(new FileStream(folder + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                break;
            }
            catch (IOException) // another command has it
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancel).ConfigureAwait(false);
            }
        }
        return folder;
    }
}

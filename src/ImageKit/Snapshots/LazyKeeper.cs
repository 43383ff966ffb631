using System.Runtime.Versioning;
using ImageKit.Sandbox;

namespace ImageKit.Snapshots;

/// <summary>The one keeper of a build, started when the first command has to run.</summary>
internal sealed class LazyKeeper(KeeperOptions options, IProgress<BuildEvent>? progress) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Keeper? _keeper;

    [SupportedOSPlatform("linux")]
    public async Task<Keeper> GetAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return _keeper ??= await StartAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null && OperatingSystem.IsLinux()) await _keeper.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    [SupportedOSPlatform("linux")]
    private async Task<Keeper> StartAsync(CancellationToken cancel)
    {
        Keeper keeper = await Keeper.StartAsync(options, cancel).ConfigureAwait(false);
        foreach (string warning in keeper.Warnings) progress?.Report(new Warning(warning));
        return keeper;
    }
}

using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Copies what a sync file says, from registries to registries, without keeping anything on this machine.</summary>
/// <param name="client">The registries; mirrors are read from, too.</param>
public sealed class RegistrySync(RegistryClient client)
{
    /// <summary>Copies what the targets lack, deletes what a rule says, and goes on after failures.</summary>
    /// <param name="file">What to copy.</param>
    /// <param name="dryRun">Whether to tell what would be done, and write nothing.</param>
    /// <param name="progress">Told of every image as it is done; from many threads.</param>
    /// <param name="cancel">Stops the work; what arrived stays, and is not moved again.</param>
    /// <returns>What became of every image. Failures are in it rather than thrown.</returns>
    /// <exception cref="ImageKitException">The file has an error (IK2050).</exception>
    public async Task<SyncReport> RunAsync(SyncFile file, bool dryRun = false, IProgress<SyncEntry>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.ThrowIfBroken();
        var entries = ImmutableArray.CreateBuilder<SyncEntry>();
        using SemaphoreSlim width = new(file.Parallel);
        foreach (SyncRule rule in file.Rules)
        {
            foreach ((ImageReference source, ImageReference target) in await PairsAsync(rule, entries, progress, cancel).ConfigureAwait(false))
            {
                SyncRepository pair = new(client, rule, source, target, dryRun, width, entry => progress?.Report(entry));
                entries.AddRange(await pair.RunAsync(cancel).ConfigureAwait(false));
            }
        }
        return new(entries.ToImmutable(), dryRun);
    }

    // The repositories of a rule; a list that cannot be had is one failure.
    private async Task<ImmutableArray<(ImageReference Source, ImageReference Target)>> PairsAsync(SyncRule rule, ImmutableArray<SyncEntry>.Builder entries, IProgress<SyncEntry>? progress, CancellationToken cancel)
    {
        if (!rule.Source.EndsWith('*')) return [(ImageReference.Parse(rule.Source), ImageReference.Parse(rule.Target))];
        ImageReference any = ImageReference.Parse(rule.Source[..^1] + "x");
        string start = any.Repository[..^1];
        var pairs = ImmutableArray.CreateBuilder<(ImageReference, ImageReference)>();
        try
        {
            await foreach (string name in client.ListRepositoriesAsync(any.Registry, cancel).ConfigureAwait(false))
            {
                bool chosen = name.StartsWith(start, StringComparison.Ordinal) && (rule.Repositories.IsEmpty || rule.Repositories.Any(pattern => TagSelection.Whole(pattern).IsMatch(name)))
                    && !rule.ExceptRepositories.Any(pattern => TagSelection.Whole(pattern).IsMatch(name));
                if (chosen && ImageReference.TryParse($"{any.Registry}/{name}", out ImageReference? source) && ImageReference.TryParse(rule.Target[..^1] + name[start.Length..], out ImageReference? target)) pairs.Add((source, target));
            }
        }
        catch (ImageKitException error)
        {
            SyncEntry failed = new(rule.Name, rule.Source, rule.Target, SyncOutcome.Failed) { Error = error };
            entries.Add(failed);
            progress?.Report(failed);
        }
        return pairs.ToImmutable();
    }
}

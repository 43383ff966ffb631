using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Brings one repository up to date with another, as one rule says.</summary>
internal sealed class SyncRepository(RegistryClient client, SyncRule rule, ImageReference source, ImageReference target, bool dryRun, SemaphoreSlim width, Action<SyncEntry> report)
{
    private readonly RegistryRepository _from = client.Repository(source);
    private readonly RegistryRepository _to = client.Repository(target, source.Registry == target.Registry && source.Repository != target.Repository ? [source.Repository] : []);
    private readonly Lock _budget = new();
    private int _reserved; // pulls that are under way, which the registry may not have counted yet
    private TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAtFloor;

    public async Task<ImmutableArray<SyncEntry>> RunAsync(CancellationToken cancel)
    {
        bool single = source.Tag is not null || source.Digest is not null;
        ImmutableArray<string> tags = single ? [source.Digest?.ToString() ?? source.Tag!] : default;
        try
        {
            // Lists of referrers are each registry's own: what is about an image goes along by `referrers: true`.
            if (!single) tags = rule.Tags.Choose([.. (await ListAsync(_from, cancel).ConfigureAwait(false)).Where(tag => !ReferrerTag.Is(tag))]);
        }
        catch (ImageKitException error)
        {
            return [Done(new(rule.Name, source.Name, target.Name, SyncOutcome.Failed) { Error = error })];
        }
        SyncEntry[] copied = await Task.WhenAll(tags.Select(tag => OneAsync(tag, single ? target.Tag ?? source.Tag! : tag, cancel))).ConfigureAwait(false);
        return rule.Delete ? [.. copied, .. await DeleteAsync(tags, copied, cancel).ConfigureAwait(false)] : [.. copied];
    }

    private async Task<SyncEntry> OneAsync(string name, string tag, CancellationToken cancel)
    {
        SyncEntry entry = new(rule.Name, Digest.TryParse(name, out _) ? $"{source.Name}@{name}" : $"{source.Name}:{name}", $"{target.Name}:{tag}", SyncOutcome.Failed);
        await width.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return Done(await CopyAsync(entry, name, tag, cancel).ConfigureAwait(false));
        }
        catch (ImageKitException error)
        {
            return Done(entry with { Error = error }); // the others go on
        }
        finally
        {
            width.Release();
        }
    }

    private async Task<SyncEntry> CopyAsync(SyncEntry entry, string name, string tag, CancellationToken cancel)
    {
        if (await _from.ResolveAsync(name, cancel).ConfigureAwait(false) is not { } root)
        {
            throw new ImageKitException("IK2051", $"{entry.Source} is not there.", "The registry has no such tag or digest.", "See that it is spelt well.");
        }
        Descriptor? there = await _to.ResolveAsync(tag, cancel).ConfigureAwait(false);
        if (there?.Digest == root.Digest) return entry with { Outcome = SyncOutcome.Unchanged, Digest = root.Digest };
        int pulls = PullsOf(root);
        if (await IsAtFloorAsync(name, pulls, cancel).ConfigureAwait(false)) return entry with { Outcome = SyncOutcome.Skipped, Reason = $"the registry of the source allows fewer than {rule.RateLimitFloor} pulls more" };
        try
        {
            return await CopyAsync(entry, tag, root, there, cancel).ConfigureAwait(false);
        }
        finally
        {
            Free(pulls);
        }
    }

    private async Task<SyncEntry> CopyAsync(SyncEntry entry, string tag, Descriptor root, Descriptor? there, CancellationToken cancel)
    {
        Descriptor wanted = await ChooseAsync(root, cancel).ConfigureAwait(false);
        if (there?.Digest == wanted.Digest) return entry with { Outcome = SyncOutcome.Unchanged, Digest = wanted.Digest };
        if (dryRun) return entry with { Outcome = SyncOutcome.Copied, Digest = wanted.Digest };
        ImageCopyOptions options = new() { Content = new() { Platforms = rule.Platforms }, Referrers = rule.Referrers, DigestTags = rule.DigestTags };
        CopyResult copied = await ImageCopy.CopyAsync(_from, _to, root, options, null, cancel).ConfigureAwait(false);
        await _to.TagAsync(tag, copied.Root, cancel).ConfigureAwait(false);
        return entry with { Outcome = SyncOutcome.Copied, Digest = copied.Root.Digest, Bytes = copied.BytesWritten };
    }

    // What a choice of platforms makes of an index, without copying it.
    private async Task<Descriptor> ChooseAsync(Descriptor root, CancellationToken cancel)
    {
        if (rule.Platforms.IsEmpty || !MediaTypes.IsIndex(root.MediaType)) return root;
        Document<IndexManifest> index = await Documents.ReadIndexAsync(_from, root, cancel).ConfigureAwait(false);
        return PlatformChoice.RootOf(index, rule.Platforms);
    }

    // Manifests that are read; of an index whose images are not counted yet, a usual number of them.
    private int PullsOf(Descriptor root) => !MediaTypes.IsIndex(root.MediaType) ? 1 : 1 + (rule.Platforms.IsEmpty ? 4 : rule.Platforms.Length);

    // What other jobs have begun counts as used, whatever the registry says yet: all together stay above the floor.
    private async Task<bool> IsAtFloorAsync(string name, int pulls, CancellationToken cancel)
    {
        if (rule.RateLimitFloor is not { } floor || _isAtFloor) return _isAtFloor;
        while (true)
        {
            Task others;
            RateLimit? limit = await _from.ReadRateLimitAsync(name, cancel).ConfigureAwait(false);
            lock (_budget)
            {
                if (limit is not null && limit.Remaining < floor) return _isAtFloor = true;
                if (limit is null || _reserved == 0 || limit.Remaining - _reserved - pulls >= floor)
                {
                    _reserved += pulls;
                    return false;
                }
                others = _freed.Task;
            }
            await others.WaitAsync(cancel).ConfigureAwait(false); // the registry has counted them then
        }
    }

    private void Free(int pulls)
    {
        if (rule.RateLimitFloor is null) return;
        TaskCompletionSource freed;
        lock (_budget)
        {
            _reserved -= pulls;
            (freed, _freed) = (_freed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        freed.SetResult();
    }

    // Nothing is deleted of a repository whose source could not be read whole.
    private async Task<ImmutableArray<SyncEntry>> DeleteAsync(ImmutableArray<string> kept, SyncEntry[] copied, CancellationToken cancel)
    {
        if (copied.Length == 0 || copied.Any(entry => entry.Outcome == SyncOutcome.Failed)) return [];
        var deleted = ImmutableArray.CreateBuilder<SyncEntry>();
        try
        {
            foreach (string tag in (await ListAsync(_to, cancel).ConfigureAwait(false)).Except(kept, StringComparer.Ordinal).Where(tag => !IsOfDigest(tag)).Order(StringComparer.Ordinal))
            {
                deleted.Add(await DeleteAsync(tag, cancel).ConfigureAwait(false));
            }
        }
        catch (ImageKitException error)
        {
            deleted.Add(Done(new(rule.Name, "", target.Name, SyncOutcome.Failed) { Error = error }));
        }
        return deleted.ToImmutable();
    }

    private async Task<SyncEntry> DeleteAsync(string tag, CancellationToken cancel)
    {
        SyncEntry entry = new(rule.Name, "", $"{target.Name}:{tag}", SyncOutcome.Deleted);
        try
        {
            if (!dryRun) await _to.DeleteTagAsync(tag, cancel).ConfigureAwait(false);
            return Done(entry);
        }
        catch (ImageKitException error)
        {
            return Done(entry with { Outcome = SyncOutcome.Failed, Error = error });
        }
    }

    // `sha256-…` and `sha256-….sig` belong to images that are kept.
    private static bool IsOfDigest(string tag) => tag.StartsWith("sha256-", StringComparison.Ordinal) || tag.StartsWith("sha512-", StringComparison.Ordinal);

    private static async Task<ImmutableArray<string>> ListAsync(RegistryRepository repository, CancellationToken cancel)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        try
        {
            await foreach (string tag in repository.ListTagsAsync(cancel).ConfigureAwait(false)) tags.Add(tag);
        }
        catch (RegistryException error) when (error.Kind == RegistryErrorKind.NotFound)
        {
            return []; // a repository that is not there yet has no tags
        }
        return tags.ToImmutable();
    }

    private SyncEntry Done(SyncEntry entry)
    {
        report(entry);
        return entry;
    }
}

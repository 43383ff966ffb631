using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Makes a list of referrers right: what is gone leaves it, what was lost comes back to it.</summary>
internal sealed class ReferrerMending(RepositoryRequests requests, ReferrerList list)
{
    private const int MostTags = 2000; // each costs a request

    private readonly ManifestRequests _manifests = new(requests);

    public async Task<ReferrerRepair> RunAsync(Digest subject, CancellationToken cancel)
    {
        ImmutableArray<Descriptor>? api = await list.ReadApiAsync(subject, null, cancel).ConfigureAwait(false);
        (ImmutableArray<Descriptor> kept, _) = await new ReferrerIndex(requests).ReadAsync(subject, cancel).ConfigureAwait(false);
        Dictionary<Digest, ReferrerEntry?> found = [];
        foreach (Descriptor entry in (api ?? []).Concat(kept)) await LookAsync(subject, entry.Digest.ToString(), found, cancel).ConfigureAwait(false);
        await ScanTagsAsync(subject, found, cancel).ConfigureAwait(false);
        ImmutableArray<Descriptor> right = [.. from pair in found where pair.Value is not null orderby pair.Key select pair.Value!.Listed];
        HashSet<Digest> before = [.. (api ?? kept).Select(entry => entry.Digest)], now = [.. right.Select(entry => entry.Digest)];
        ReferrerRepair result = new(right, [.. now.Except(before).Order()], [.. before.Except(now).Order()]);
        if (api is null) await RewriteAsync(subject, kept, right, cancel).ConfigureAwait(false);
        else foreach (Digest lost in result.Added) await PutAgainAsync(lost, cancel).ConfigureAwait(false);
        return result;
    }

    private async Task LookAsync(Digest subject, string name, Dictionary<Digest, ReferrerEntry?> found, CancellationToken cancel)
    {
        if (Digest.TryParse(name, out Digest known) && found.ContainsKey(known)) return;
        FetchedManifest? fetched = await _manifests.FetchAsync(name, cancel).ConfigureAwait(false);
        ReferrerEntry? entry = fetched is null ? null : Read(fetched);
        if (fetched is not null && entry?.Subject == subject) found[fetched.Descriptor.Digest] = entry;
        else if (known != default) found[known] = null; // gone, or about another
    }

    // What was pushed by digest alone and fell out of the list is known to nobody; what has a tag is found by it.
    private async Task ScanTagsAsync(Digest subject, Dictionary<Digest, ReferrerEntry?> found, CancellationToken cancel)
    {
        int left = MostTags;
        await foreach (string tag in NamePages.Tags(requests).ReadAsync(cancel).ConfigureAwait(false))
        {
            if (left-- == 0) return;
            if (tag != ReferrerTag.Of(subject)) await LookAsync(subject, tag, found, cancel).ConfigureAwait(false);
        }
    }

    private async Task RewriteAsync(Digest subject, ImmutableArray<Descriptor> kept, ImmutableArray<Descriptor> right, CancellationToken cancel)
    {
        bool same = kept.Select(entry => entry.Digest).Order().SequenceEqual(right.Select(entry => entry.Digest));
        if (same) return;
        HashSet<Digest> wanted = [.. right.Select(entry => entry.Digest)], gone = [.. kept.Select(entry => entry.Digest).Where(digest => !wanted.Contains(digest))];
        // What another writer adds meanwhile stays.
        await new ReferrerIndex(requests).ChangeAsync(subject, entries =>
        {
            bool done = !entries.Any(entry => gone.Contains(entry.Digest)) && wanted.IsSubsetOf(entries.Select(entry => entry.Digest));
            return done ? entries : [.. entries.Where(entry => !gone.Contains(entry.Digest) && !wanted.Contains(entry.Digest)), .. right];
        }, cancel).ConfigureAwait(false);
    }

    // A registry takes note of what a manifest is about when it is pushed.
    private async Task PutAgainAsync(Digest digest, CancellationToken cancel)
    {
        if (await _manifests.FetchAsync(digest.ToString(), cancel).ConfigureAwait(false) is { } fetched)
            await _manifests.PutAsync(digest.ToString(), fetched.Descriptor, fetched.Bytes, cancel).ConfigureAwait(false);
    }

    private static ReferrerEntry? Read(FetchedManifest fetched)
    {
        try
        {
            return ReferrerEntry.Find(fetched.Descriptor, fetched.Bytes);
        }
        catch (ContentException)
        {
            return null; // another tool's manifest that cannot be read
        }
    }
}

using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// The index that clients keep under a tag where a registry does not list referrers. Two writers may overwrite each other: so each looks again
/// before it writes, looks again after, and writes anew if its change was lost.
/// </summary>
internal sealed class ReferrerIndex(RepositoryRequests requests)
{
    private const int MostTries = 8;

    private readonly ManifestRequests _manifests = new(requests);

    /// <summary>The entries of the index, and its digest; no entries if it is not there.</summary>
    public async Task<(ImmutableArray<Descriptor> Entries, Digest? Digest)> ReadAsync(Digest subject, CancellationToken cancel)
    {
        FetchedManifest? fetched = await _manifests.FetchAsync(ReferrerTag.Of(subject), cancel).ConfigureAwait(false);
        // GitLab resolves the tag to the subject itself: that is no index of ours.
        if (fetched is null || fetched.Descriptor.Digest == subject) return ([], null);
        return (Parse(fetched.Bytes) ?? [], fetched.Descriptor.Digest);
    }

    /// <summary>Puts an entry in, or in place of an older one of the same manifest.</summary>
    public Task AddAsync(Digest subject, Descriptor entry, CancellationToken cancel) => ChangeAsync(subject,
        entries => entries.Any(there => there.Digest == entry.Digest && there.ArtifactType == entry.ArtifactType) ? entries : [.. entries.Where(there => there.Digest != entry.Digest), entry], cancel);

    /// <summary>Takes an entry out.</summary>
    public Task RemoveAsync(Digest subject, Digest entry, CancellationToken cancel) => ChangeAsync(subject,
        entries => entries.Any(there => there.Digest == entry) ? [.. entries.Where(there => there.Digest != entry)] : entries, cancel);

    /// <summary>Changes the index; the change is asked for again if another writer was faster, and gives back what it got when there is nothing left to do.</summary>
    /// <exception cref="RegistryException">Others wrote at the same time, again and again (IK2017).</exception>
    public async Task ChangeAsync(Digest subject, Func<ImmutableArray<Descriptor>, ImmutableArray<Descriptor>> change, CancellationToken cancel)
    {
        using IDisposable turn = await requests.Endpoint.ReferrerGate.EnterAsync(subject, cancel).ConfigureAwait(false); // of this process
        string tag = ReferrerTag.Of(subject);
        for (int attempt = 1; attempt <= MostTries; attempt++)
        {
            (ImmutableArray<Descriptor> entries, Digest? digest) = await ReadAsync(subject, cancel).ConfigureAwait(false);
            ImmutableArray<Descriptor> next = change(entries);
            if (next == entries) return;
            bool changed = await _manifests.FetchAsync(tag, cancel).ConfigureAwait(false) is { } now && now.Descriptor.Digest != digest && now.Descriptor.Digest != subject;
            if (!changed) await WriteAsync(tag, next, cancel).ConfigureAwait(false);
            // Whoever read before this was written may overwrite it: that shows in a moment.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 60) * attempt), requests.Options.Time, cancel).ConfigureAwait(false);
        }
        (ImmutableArray<Descriptor> last, _) = await ReadAsync(subject, cancel).ConfigureAwait(false);
        if (change(last) != last) throw Lost(tag);
    }

    // Many registries take no index of what is gone: then what somebody deleted without taking it off the list leaves it now.
    private async Task WriteAsync(string tag, ImmutableArray<Descriptor> entries, CancellationToken cancel)
    {
        try
        {
            await PutAsync(tag, entries, cancel).ConfigureAwait(false);
        }
        catch (RegistryException error) when (error.Errors.Any(said => said.Code is "MANIFEST_BLOB_UNKNOWN" or "MANIFEST_UNKNOWN" or "BLOB_UNKNOWN"))
        {
            var there = ImmutableArray.CreateBuilder<Descriptor>();
            foreach (Descriptor entry in entries)
            {
                if (await _manifests.DescribeAsync(entry.Digest.ToString(), cancel).ConfigureAwait(false) is not null) there.Add(entry);
            }
            if (there.Count == entries.Length) throw;
            await PutAsync(tag, there.ToImmutable(), cancel).ConfigureAwait(false);
        }
    }

    private Task<ManifestReceipt> PutAsync(string tag, ImmutableArray<Descriptor> entries, CancellationToken cancel)
    {
        Document<IndexManifest> index = Documents.WriteIndex(new() { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = entries });
        return _manifests.PutAsync(tag, index.Descriptor, index.Bytes.ToArray(), cancel);
    }

    /// <summary>The entries of an index; null if the bytes are none.</summary>
    public static ImmutableArray<Descriptor>? Parse(byte[] bytes)
    {
        Descriptor descriptor = new() { MediaType = MediaTypes.Index, Digest = Digest.Of(bytes), Size = bytes.Length };
        try
        {
            return Documents.ParseIndex(bytes, descriptor).Value.Manifests;
        }
        catch (ContentException)
        {
            return null; // a page of a proxy, or another tool's manifest under this tag
        }
    }

    private RegistryException Lost(string tag) =>
        new("IK2017", RegistryErrorKind.ServerFailed, $"The list of what is about a manifest of {requests.FullName} could not be changed.",
            $"The registry keeps no such list itself, and other programs write the tag '{tag}' at the same time.", "Try again, or run 'imagekit referrers repair' when they have ended.")
        { Host = requests.Endpoint.Host.Name };
}

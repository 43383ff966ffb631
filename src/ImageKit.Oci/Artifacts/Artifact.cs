using System.Collections.Immutable;
using System.Security.Cryptography;
using ImageKit.Posix;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>Writes files as an artifact, and artifacts as files.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage"/>
public static class Artifact
{
    private const string Title = "org.opencontainers.image.title";

    private static readonly byte[] Nothing = "{}"u8.ToArray();

    /// <summary>Puts an artifact into a store: the same content gives the same digest.</summary>
    /// <param name="target">The store.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="ContentException">A file cannot be read, or changed meanwhile (IK1010, IK1103), two have one title, or a media type is none (IK1020).</exception>
    public static async Task<Document<ImageManifest>> PutAsync(IContentStore target, ArtifactContent content, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(content);
        Check(content);
        Descriptor empty = new() { MediaType = MediaTypes.Empty, Digest = Digest.Of(Nothing), Size = Nothing.Length, Data = Nothing };
        await target.PutAsync(empty with { Data = null }, new MemoryStream(Nothing, writable: false), cancel).ConfigureAwait(false);
        var layers = ImmutableArray.CreateBuilder<Descriptor>();
        foreach (ArtifactFile file in content.Files)
        {
            Descriptor blob = await DescribeAsync(file, cancel).ConfigureAwait(false);
            await target.PutAsync(blob, _ => Task.FromResult<Stream>(Open(file)), cancel).ConfigureAwait(false);
            layers.Add(blob with { Annotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Title, file.Title) });
        }
        if (layers.Count == 0) layers.Add(empty); // a manifest without layers is refused by many registries
        Document<ImageManifest> manifest = Documents.WriteManifest(new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            ArtifactType = content.ArtifactType,
            Config = empty,
            Layers = layers.ToImmutable(),
            Subject = content.Subject is { } subject ? new() { MediaType = subject.MediaType, Digest = subject.Digest, Size = subject.Size } : null,
            Annotations = content.Annotations.IsEmpty ? null : content.Annotations,
        });
        await manifest.PutAsync(target, cancel).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>
    /// Writes the blobs of an artifact into a folder, under their titles, or else their digests. A file that is there is replaced; nothing is
    /// written outside of the folder, whatever the titles say.
    /// </summary>
    /// <param name="source">Where to read.</param>
    /// <param name="root">The artifact's manifest.</param>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The names of the files, below the folder.</returns>
    /// <exception cref="ContentException">A title leads out of the folder (IK1204), the folder cannot be written (IK1220), or the artifact is broken.</exception>
    public static async Task<ImmutableArray<string>> WriteFilesAsync(IContentSource source, Descriptor root, string folder, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        Document<ImageManifest> manifest = await Documents.ReadManifestAsync(source, root, cancel).ConfigureAwait(false);
        var written = ImmutableArray.CreateBuilder<string>();
        try
        {
            Directory.CreateDirectory(folder);
            using DirectoryRoot files = DirectoryRoot.Open(folder);
            foreach (Descriptor blob in manifest.Value.Layers.Where(layer => layer.MediaType != MediaTypes.Empty))
            {
                string name = NameOf(blob);
                await WriteAsync(source, blob, files, name, cancel).ConfigureAwait(false);
                written.Add(name);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContentException("IK1220", $"The artifact {root.Digest} could not be written to '{folder}'.", error.Message, "See that the folder is yours to write and that the disk has room.", error);
        }
        return written.ToImmutable();
    }

    // What is pulled again has to be what was pushed.
    private static void Check(ArtifactContent content)
    {
        if (content.Files.GroupBy(file => file.Title, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ContentException("IK1020", $"Two files would be named '{twice.Key}' in the artifact.", $"They are {string.Join(" and ", twice.Select(file => file.Path))}.", "Give one of them another name, or name both by paths from a common folder.");
        foreach (string type in content.Files.Select(file => file.MediaType).Prepend(content.ArtifactType))
            if (!MediaTypes.IsWellFormed(type)) throw new ContentException("IK1020", $"'{type}' is no media type.", mend: "Write it as application/vnd.example.config: a kind, a slash, a name, without spaces.");
    }

    private static string NameOf(Descriptor blob)
    {
        string name = blob.Annotations is { } notes && notes.TryGetValue(Title, out string? title) && title.Length > 0 ? title : blob.Digest.Encoded;
        bool safe = !name.StartsWith('/') && !name.AsSpan().ContainsAny("\\:\0") && name.Split('/').All(part => part is not ("" or "." or ".."));
        return safe ? name : throw new ContentException("IK1204", $"The title '{name}' of the blob {blob.Digest} leads out of the folder.", mend: "Do not use this artifact if you do not know where it comes from.");
    }

    // A temporary name until the last byte is verified.
    private static async Task WriteAsync(IContentSource source, Descriptor blob, DirectoryRoot files, string name, CancellationToken cancel)
    {
        for (int slash = name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            if (files.Stat(name[..slash]) is null) files.MakeDirectory(name[..slash], Modes.Directory);
        }
        string temporary = $".imagekit-{Guid.NewGuid():N}";
        try
        {
            using (SafeFileHandle handle = files.Create(temporary, Modes.File))
            {
                Stream content = await source.OpenAsync(blob, cancel).ConfigureAwait(false);
                if (content is not VerifyingStream) content = new VerifyingStream(content, blob);
                await using (content.ConfigureAwait(false))
                {
                    using FileStream file = new(handle, FileAccess.Write, bufferSize: 0);
                    await content.CopyToAsync(file, cancel).ConfigureAwait(false);
                }
            }
            files.Rename(temporary, name);
        }
        finally
        {
            files.Remove(temporary);
        }
    }

    private static async Task<Descriptor> DescribeAsync(ArtifactFile file, CancellationToken cancel)
    {
        FileStream content = Open(file);
        await using (content.ConfigureAwait(false))
        {
            byte[] hash = await SHA256.HashDataAsync(content, cancel).ConfigureAwait(false);
            return new() { MediaType = file.MediaType, Digest = Digest.OfSha256(hash), Size = content.Length };
        }
    }

    private static FileStream Open(ArtifactFile file)
    {
        try
        {
            return new(file.Path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContentException("IK1010", $"The file '{file.Path}' cannot be put into an artifact.", error.Message, "Check the path and the rights of the file; folders are packed into an archive first.", error);
        }
    }
}

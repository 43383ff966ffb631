using System.Text;
using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>Where things lie in a layout, and how a file gets there: temporary file, fsync, rename, fsync of the folder.</summary>
internal sealed class LayoutFiles(string root)
{
    // Younger temporary files are never swept, so that one just made, not yet locked, is safe.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(10);

    // What came of a blob is of use for its next fetching, if that comes.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(3);

    private readonly DiskSync _names = new(); // of blobs/sha256

    public string Root => root;

    public string IndexPath => Path.Combine(root, "index.json");

    public string LockPath => Path.Combine(root, ".imagekit", "index.lock");

    private string VersionPath => Path.Combine(root, "oci-layout");

    private string PartialPath => Path.Combine(root, ".imagekit", "partial");

    private string IngestPath => Path.Combine(root, ".imagekit", "ingest");

    // The grammar of digests has no '/' and no leading '.', so this stays in the store.
    public string Blob(Digest digest) => Path.Combine(root, "blobs", digest.Algorithm, digest.Encoded);

    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "blobs", "sha256"));
            if (File.Exists(VersionPath)) CheckVersion();
            else WriteWhole(VersionPath, LayoutVersion.Text);
            Sweep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // no right to write, or no space
        {
            throw StorageFaults.Of(e, root, "making an image layout");
        }
    }

    public void CheckVersion()
    {
        string text;
        try
        {
            text = File.ReadAllText(VersionPath, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // not there, or not ours to read
        {
            throw new ContentException("IK1001", $"'{root}' is no OCI image layout.", e.Message, "Name the directory that holds 'oci-layout' and 'index.json'.", e);
        }
        if (LayoutVersion.Read(text) is not { } version || !version.StartsWith("1.", StringComparison.Ordinal))
            throw new ContentException("IK1001", $"'{root}' is an OCI image layout of an unknown version.", $"Its 'oci-layout' says {text.Trim()}.",
                "Write it again with a tool that makes version 1.0.0.");
    }

    public FileStream OpenBlob(Descriptor blob)
    {
        try
        {
            return new(Blob(blob.Digest), new FileStreamOptions
            {
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.SequentialScan | FileOptions.Asynchronous,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) // the common case gets its own code
        {
            throw ContentFaults.Missing(blob, $"'{root}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // another user's file, a broken disk
        {
            throw StorageFaults.Of(e, Blob(blob.Digest), "reading a blob");
        }
    }

    /// <summary>Whether the blob is here whole; its time becomes now, which keeps it from being pruned.</summary>
    public bool Touch(Descriptor blob)
    {
        var file = new FileInfo(Blob(blob.Digest));
        if (!file.Exists || file.Length != blob.Size) return false;
        try
        {
            file.LastWriteTimeUtc = DateTime.UtcNow;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's layout, or deleted a moment ago: the second must not count as found.
            file.Refresh();
        }
        return file.Exists;
    }

    public FileStream CreateTemporary()
    {
        try
        {
            Directory.CreateDirectory(IngestPath);
            // The lock (FileShare.None) says that the writer lives; a crash releases it.
            return new(Path.Combine(IngestPath, Guid.NewGuid().ToString("N")), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 128 * 1024,
                Options = FileOptions.Asynchronous,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // no right to write, or no space
        {
            throw StorageFaults.Of(e, IngestPath, "beginning a blob");
        }
    }

    /// <summary>The file of a blob that came in part; null if another writer is at it.</summary>
    public FileStream? TryOpenPartial(Digest digest)
    {
        try
        {
            Directory.CreateDirectory(PartialPath);
            return new(Path.Combine(PartialPath, $"{digest.Algorithm}-{digest.Encoded}"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 128 * 1024,
                Options = FileOptions.Asynchronous,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the blob is written in the usual way, which tells what is wrong
        }
    }

    public void Publish(string temporary, Digest digest, long size)
    {
        string path = Blob(digest);
        // A writer of the same bytes was faster. Another size is the rest of a crash without fsync: replaced.
        if (new FileInfo(path) is { Exists: true } there && there.Length == size)
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            File.Delete(temporary);
            return;
        }
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        File.Move(temporary, path, overwrite: true);
        (digest.Algorithm == "sha256" ? _names : new DiskSync()).Directory(folder);
    }

    public void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        string temporary;
        using (FileStream file = CreateTemporary())
        {
            temporary = file.Name;
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        Durable.SyncDirectory(root);
    }

    public IEnumerable<StoredBlob> EnumerateBlobs()
    {
        var blobs = new DirectoryInfo(Path.Combine(root, "blobs"));
        if (!blobs.Exists) yield break;
        foreach (DirectoryInfo algorithm in blobs.EnumerateDirectories())
            foreach (FileInfo file in algorithm.EnumerateFiles())
                if (Digest.TryParse($"{algorithm.Name}:{file.Name}", out Digest digest)) yield return new(digest, file.Length, file.LastWriteTimeUtc);
    }

    public long Delete(Digest digest, DateTimeOffset? unlessUsedSince)
    {
        var file = new FileInfo(Blob(digest));
        if (!file.Exists || file.LastWriteTimeUtc > unlessUsedSince) return 0;
        long size = file.Length;
        try
        {
            file.Delete();
            return size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // another user's file
        {
            throw StorageFaults.Of(e, file.FullName, "deleting a blob");
        }
    }

    private void Sweep()
    {
        Sweep(IngestPath, AbandonedAfter);
        Sweep(PartialPath, ForgottenAfter);
    }

    private static void Sweep(string folder, TimeSpan age)
    {
        if (!Directory.Exists(folder)) return;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc < age) continue;
            try
            {
                using var held = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                file.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer lives, or another sweep was faster.
            }
        }
    }
}

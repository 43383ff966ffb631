using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>The files of a layer store: where they lie, how they get there (temporary file, fsync, rename) and how old drafts go.</summary>
internal sealed class LayerFiles(string root)
{
    // Younger drafts are never swept, so that one just made, not yet locked, or just closed, not yet renamed, is safe.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(10);

    public string Root => root;

    private string Drafts => Path.Combine(root, "tmp");

    // The grammar of digests has no '/' and no leading '.', so this stays in the store.
    public LayerPaths Of(Digest diffId) => new(Path.Combine(root, diffId.Algorithm, diffId.Encoded));

    public void Prepare() => Try("making a layer store", () =>
    {
        Directory.CreateDirectory(Path.Combine(root, "sha256"));
        Directory.CreateDirectory(Drafts);
        Sweep();
    });

    /// <summary>A new file that nobody sees; its lock (FileShare.None) says that its writer lives, a crash releases it.</summary>
    public FileStream BeginDraft() => Try("beginning a layer", () =>
    {
        Directory.CreateDirectory(Drafts);
        return new FileStream(Path.Combine(Drafts, Guid.NewGuid().ToString("N")), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        });
    });

    /// <summary>Puts a draft in its place, over what another process put there: it is the same content.</summary>
    /// <param name="draft">Is closed.</param>
    /// <param name="path">Its place.</param>
    /// <param name="sync">Whether its bytes are on disk before it is seen: not needed for files that show when they are torn.</param>
    public void Publish(FileStream draft, string path, bool sync) => Try("keeping a layer", () =>
    {
        if (sync) Durable.Sync(draft.SafeFileHandle);
        draft.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(draft.Name, path, overwrite: true);
        if (sync) Durable.SyncDirectory(Path.GetDirectoryName(path)!);
    });

    /// <summary>Drops a draft that was not published.</summary>
    public static void Drop(FileStream draft)
    {
        if (draft.SafeFileHandle.IsClosed) return; // published
        File.Delete(draft.Name); // before it is closed: while it is open, nobody else takes it for abandoned
        draft.Dispose();
    }

    /// <summary>Writes a small file that shows by itself when it is torn.</summary>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        FileStream draft = BeginDraft();
        try
        {
            draft.Write(content);
            Publish(draft, path, sync: false);
        }
        catch (IOException e) // mostly: the disk is full
        {
            throw StorageFaults.Of(e, path, "keeping a layer");
        }
        finally
        {
            Drop(draft);
        }
    }

    /// <summary>The bytes of a small file; null if it is not there.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) // the layer is not here
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFaults.Of(e, path, "reading a layer");
        }
    }

    /// <summary>Opens a tar for reading; null if it is not there, or not of this size.</summary>
    public static FileStream? OpenTar(string path, long? size = null)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
            if (size is null || file.Length == size) return file;
            file.Dispose();
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFaults.Of(e, path, "reading a layer");
        }
    }

    /// <summary>Notes that a file is in use now, which keeps it from being pruned.</summary>
    public static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's store: not ours to prune either.
        }
    }

    private void Sweep()
    {
        foreach (FileInfo file in new DirectoryInfo(Drafts).EnumerateFiles())
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc < AbandonedAfter) continue;
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

    private void Try(string doing, Action action) => Try(doing, () =>
    {
        action();
        return true;
    });

    private T Try<T>(string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // no right to write, or no space
        {
            throw StorageFaults.Of(e, root, doing);
        }
    }
}

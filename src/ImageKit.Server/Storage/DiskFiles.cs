using System.Text;
using ImageKit.Oci;
using ImageKit.Posix;
using ImageKit.Registry;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Server;

/// <summary>Small files that are whole or not there, and folders that survive a loss of power. What the disk says becomes an answer of the registry.</summary>
internal static class DiskFiles
{
    // Being used counts with the sweep, which takes nothing that is young; a finer grain would cost a write for each read.
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(1);

    private static readonly Lock[] Stripes = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>Whether a file is there; that it was used is noted.</summary>
    public static bool Touch(string path)
    {
        lock (StripeOf(path))
        {
            FileInfo file = new(path);
            if (!file.Exists) return false;
            try
            {
                if (DateTime.UtcNow - file.LastWriteTimeUtc > UseGrain) file.LastWriteTimeUtc = DateTime.UtcNow;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                file.Refresh(); // deleted a moment ago, or a disk that is read-only
                return file.Exists;
            }
            return true;
        }
    }

    /// <summary>Deletes a file, unless it was used after <paramref name="unlessUsedSince"/>.</summary>
    /// <returns>Whether it was there and is gone.</returns>
    public static bool Delete(string path, DateTime? unlessUsedSince = null)
    {
        lock (StripeOf(path))
        {
            FileInfo file = new(path);
            if (!file.Exists || (unlessUsedSince is { } since && file.LastWriteTimeUtc > since)) return false;
            file.Delete();
            return true;
        }
    }

    /// <summary>Reads a small file; null if it is not there.</summary>
    public static async Task<string?> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(path, Encoding.UTF8, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a small file so that it is whole, or as it was before, whatever happens.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, string temporaryFolder) => Guard(temporaryFolder, content.ToArray(), bytes =>
    {
        string temporary = Path.Combine(temporaryFolder, "small-" + Guid.NewGuid().ToString("N"));
        try
        {
            using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, bytes, 0);
                Durable.Sync(file);
            }
            Publish(temporary, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw;
        }
    });

    /// <summary>Moves a file that is written through to its place.</summary>
    public static void Publish(string temporary, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        File.Move(temporary, path, overwrite: true);
        Durable.SyncDirectory(folder);
    }

    /// <summary>Makes a folder and those above it.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        string parent = Path.GetDirectoryName(folder)!;
        MakeFolder(parent);
        Directory.CreateDirectory(folder);
        Durable.SyncDirectory(parent);
    }

    /// <summary>The files of a folder, which may not be there.</summary>
    public static IEnumerable<string> FilesOf(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];

    /// <summary>Does something with the disk; a failure of it becomes an answer.</summary>
    public static void Guard<T>(string path, T argument, Action<T> act)
    {
        try
        {
            act(argument);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(e, path);
        }
    }

    /// <summary>The answer for a failure of the disk: 507 if it is full, else 500. It names no path: that is nobody's business.</summary>
    public static ServedRefusal Refusal(Exception failure, string path)
    {
        ContentException fault = StorageFaults.Of(failure, path, "keeping content");
        return new(fault.Code == "IK1002" ? ServedAnswer.Error(507, "UNAVAILABLE", "the disk of the registry is full")
            : ServedAnswer.Error(500, "UNKNOWN", "the registry could not use its disk"), fault);
    }

    private static Lock StripeOf(string path) => Stripes[(uint)string.GetHashCode(path, StringComparison.Ordinal) % Stripes.Length];
}

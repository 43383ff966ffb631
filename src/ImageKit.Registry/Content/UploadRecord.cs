using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// What is kept on disk of an upload, so that another process goes on with it after a crash: where, and how far it came. While it is open no
/// other process uses the same upload.
/// </summary>
internal sealed class UploadRecord : IDisposable
{
    private const int LeastBytes = 1024 * 1024; // smaller blobs are sent anew as fast
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7); // registries drop uploads sooner

    private readonly FileStream _file;
    private bool _done;

    private UploadRecord(FileStream file) => _file = file;

    /// <summary>Opens the record of a blob's upload; null if none is kept, or another process is at it.</summary>
    public static UploadRecord? TryOpen(string? folder, RepositoryRequests requests, Descriptor blob)
    {
        if (folder is null || blob.Size < LeastBytes) return null;
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{requests.FullName} {blob.Digest}")))[..32];
        try
        {
            Directory.CreateDirectory(folder);
            FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // URLs are secrets
            return new(new FileStream(Path.Combine(folder, name + ".json"), options));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // another process sends the same blob, or the disk is full: the push goes on without
        }
    }

    /// <summary>The upload that was begun before; null if there is none.</summary>
    public UploadSession? Read(RegistryEndpoint endpoint)
    {
        if (_file.Length == 0 || DateTime.UtcNow - File.GetLastWriteTimeUtc(_file.Name) > Forgotten) return null;
        try
        {
            _file.Position = 0;
            JsonObject? saved = JsonNode.Parse(_file) as JsonObject;
            if ((string?)saved?["url"] is not { } url) return null;
            return new(UrlPolicy.Resolve(endpoint.Root, url, endpoint), (long?)saved["offset"] ?? 0, (int?)saved["leastChunk"] ?? 0);
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException or FormatException or RegistryException)
        {
            return null; // cut short by a crash, or for a registry that is reached otherwise now
        }
    }

    /// <summary>Takes note of how far the upload came.</summary>
    public void Write(UploadSession session)
    {
        JsonObject saved = new() { ["url"] = session.Url.AbsoluteUri, ["offset"] = session.Offset, ["leastChunk"] = session.LeastChunk };
        try
        {
            _file.SetLength(0);
            _file.Write(Encoding.UTF8.GetBytes(saved.ToJsonString()));
            _file.Flush();
        }
        catch (IOException)
        {
            _done = true; // the disk is full: the push goes on without
        }
    }

    /// <summary>Nothing is left to go on with.</summary>
    public void Forget() => _done = true;

    public void Dispose()
    {
        if (_done || _file.Length == 0) File.Delete(_file.Name);
        _file.Dispose();
    }
}

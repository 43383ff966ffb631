using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Server;

/// <summary>
/// Where things lie: `blobs/` holds all bytes, manifests too, once each; `repositories/NAME/` holds small files that say what the repository has of
/// them; `uploads/` what is on its way. Parts of a name never begin with an underscore, so the folders of a repository are no repositories.
/// </summary>
internal sealed partial class DiskPaths(string root)
{
    public string Root => root;

    public string Blobs => Path.Combine(root, "blobs");

    public string Repositories => Path.Combine(root, "repositories");

    public string Uploads => Path.Combine(root, "uploads");

    // The grammar of digests has no '/' and no leading '.'.
    public string Blob(Digest digest) => Path.Combine(Blobs, digest.Algorithm, digest.Encoded[..Math.Min(2, digest.Encoded.Length)], digest.Encoded);

    public string Repository(string name) => Path.Combine(Repositories, name.Replace('/', Path.DirectorySeparatorChar));

    public string BlobLinks(string name) => Path.Combine(Repository(name), "_blobs");

    public string BlobLink(string name, Digest digest) => Path.Combine(BlobLinks(name), FileName(digest));

    public string ManifestLinks(string name) => Path.Combine(Repository(name), "_manifests");

    public string ManifestLink(string name, Digest digest) => Path.Combine(ManifestLinks(name), FileName(digest));

    public string Tags(string name) => Path.Combine(Repository(name), "_tags");

    public string Tag(string name, string tag) => Path.Combine(Tags(name), Capital().Replace(tag, match => "=" + match.Value.ToLowerInvariant()));

    public string About(string name, Digest subject) => Path.Combine(Repository(name), "_about", FileName(subject));

    /// <summary>The file of an upload: bound to its repository; null for what is no id of ours.</summary>
    public string? Upload(string name, string id) => UploadId().IsMatch(id)
        ? Path.Combine(Uploads, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8))}-{id}") : null;

    public static string NewUploadId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static string FileName(Digest digest) => $"{digest.Algorithm}-{digest.Encoded}";

    /// <summary>The digest that a link's file name stands for; null for files of others.</summary>
    public static Digest? DigestOf(string file)
    {
        string name = Path.GetFileName(file);
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && Digest.TryParse($"{name[..dash]}:{name[(dash + 1)..]}", out Digest digest) ? digest : null;
    }

    /// <summary>The tag that a file name stands for: capitals are written so that file systems without regard to case keep them apart.</summary>
    public static string TagOf(string file) => Escaped().Replace(Path.GetFileName(file), match => match.Value[1..].ToUpperInvariant());

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex("=[a-z]")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"^[0-9a-f]{32}\z")]
    private static partial Regex UploadId();
}

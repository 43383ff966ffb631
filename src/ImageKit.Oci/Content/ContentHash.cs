using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>The hashes that digests can be held against.</summary>
internal static class ContentHash
{
    /// <summary>A fresh hash of the digest's algorithm.</summary>
    public static IncrementalHash For(Digest digest) => digest.Algorithm switch
    {
        "sha256" => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        "sha512" => IncrementalHash.CreateHash(HashAlgorithmName.SHA512),
        _ => throw ContentFaults.UnknownAlgorithm(digest),
    };

    /// <summary>The digest of what was hashed.</summary>
    public static Digest Finish(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[64];
        int length = hash.GetHashAndReset(bytes);
        return length == 32 ? Digest.OfSha256(bytes[..32]) : Digest.OfSha512(bytes);
    }

    /// <summary>The digest of <paramref name="content"/> in the algorithm of <paramref name="like"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content, Digest like)
    {
        using IncrementalHash hash = For(like);
        hash.AppendData(content);
        return Finish(hash);
    }
}

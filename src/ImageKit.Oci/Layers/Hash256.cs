using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>A SHA-256 hash in 32 bytes, without the text of a <see cref="Digest"/>. `default`, all zero, means "not known".</summary>
public readonly record struct Hash256 : IComparable<Hash256>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes over a finished hash of 32 bytes.</summary>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Whether this is `default`: nothing is known.</summary>
    public bool IsDefault => (_a | _b | _c | _d) == 0;

    /// <summary>The hash of <paramref name="content"/>.</summary>
    public static Hash256 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(content, hash);
        return new(hash);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _d);
    }

    /// <summary>The same as a digest of content.</summary>
    public Digest ToDigest()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Digest.OfSha256(bytes);
    }

    /// <summary>Orders by the bytes.</summary>
    public int CompareTo(Hash256 other) => (_a, _b, _c, _d).CompareTo((other._a, other._b, other._c, other._d));

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}

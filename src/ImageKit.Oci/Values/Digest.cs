using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>
/// Names bytes by their hash, such as `sha256:` and 64 lower-case hex digits. Unknown algorithms of the grammar parse, and are refused
/// only where bytes have to be verified. `default` is the digest of no content and equals no other.
/// </summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests"/>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest : ISpanParsable<Digest>, IComparable<Digest>
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> AlgorithmCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+._-");
    private static readonly SearchValues<char> EncodedCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=_-");

    private readonly string? _text; // null only in default(Digest)

    private Digest(string text) => _text = text;

    /// <summary>The part before the colon, such as `sha256`; empty in `default`.</summary>
    public string Algorithm => _text is null ? "" : _text[.._text.IndexOf(':')];

    /// <summary>The part behind the colon; empty in `default`.</summary>
    public string Encoded => _text is null ? "" : _text[(_text.IndexOf(':') + 1)..];

    /// <summary>Whether bytes can be held against this digest here: sha256 and sha512.</summary>
    public bool CanVerify => _text is not null && Algorithm is "sha256" or "sha512";

    /// <summary>Whether this is `default`, the digest of nothing.</summary>
    public bool IsDefault => _text is null;

    /// <summary>The SHA-256 digest of <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(content, hash);
        return OfSha256(hash);
    }

    /// <summary>Wraps a finished SHA-256 hash of 32 bytes.</summary>
    public static Digest OfSha256(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 32);
        return new("sha256:" + Convert.ToHexStringLower(hash));
    }

    /// <summary>Wraps a finished SHA-512 hash of 64 bytes.</summary>
    public static Digest OfSha512(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 64);
        return new("sha512:" + Convert.ToHexStringLower(hash));
    }

    /// <inheritdoc/>
    public static Digest Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static Digest Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) => TryParse(s, provider, out Digest digest)
        ? digest : throw new FormatException($"'{s}' is no digest: expected an algorithm, ':' and its encoding, such as 'sha256:' and 64 lower-case hex digits.");

    /// <inheritdoc cref="TryParse(string?, IFormatProvider?, out Digest)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, out Digest result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Digest result) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Digest result)
    {
        int colon = s.IndexOf(':');
        bool good = colon > 0 && IsAlgorithm(s[..colon]) && IsEncoded(s[..colon], s[(colon + 1)..]);
        result = good ? new Digest(s.ToString()) : default;
        return good;
    }

    /// <summary>Orders by text, ordinally.</summary>
    public int CompareTo(Digest other) => string.CompareOrdinal(_text, other._text);

    /// <summary>The digest as written in manifests.</summary>
    public override string ToString() => _text ?? "(no digest)";

    private static bool IsAlgorithm(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(AlgorithmCharacters)) return false;
        bool wantsLetter = true; // components may not be empty: no separator first, last or doubled
        foreach (char c in text)
        {
            bool separator = c is '+' or '.' or '_' or '-';
            if (separator && wantsLetter) return false;
            wantsLetter = separator;
        }
        return !wantsLetter;
    }

    private static bool IsEncoded(ReadOnlySpan<char> algorithm, ReadOnlySpan<char> text) => algorithm switch
    {
        "sha256" or "blake3" => text.Length == 64 && !text.ContainsAnyExcept(LowerHex),
        "sha512" => text.Length == 128 && !text.ContainsAnyExcept(LowerHex),
        _ => text.Length > 0 && !text.ContainsAnyExcept(EncodedCharacters),
    };
}

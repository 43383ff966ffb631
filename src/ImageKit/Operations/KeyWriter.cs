using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>
/// Hashes what the result of an operation depends on, and keeps a short text of each part, so that a later miss can be explained.
/// Every part is written with its name and length, so that no two lists of parts give the same bytes.
/// </summary>
internal sealed class KeyWriter : IDisposable
{
    private const int LongestText = 200; // what is kept of a part for people; the hash sees all of it
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ImmutableArray<KeyPart>.Builder _parts = ImmutableArray.CreateBuilder<KeyPart>();

    /// <summary>The parts so far.</summary>
    public ImmutableArray<KeyPart> Parts => _parts.ToImmutable();

    /// <summary>What kind of operation, and the version of how it works: changing either changes every key of it.</summary>
    public KeyWriter Tag(string tag) => Text("kind", tag);

    public KeyWriter Text(string name, string? value)
    {
        Append(name);
        Append(value is null ? "-" : "+" + value);
        _parts.Add(new(name, value is null ? "(none)" : value.Length <= LongestText ? value : $"{value[..LongestText]}… {Short(value)}"));
        return this;
    }

    public KeyWriter Texts(string name, IReadOnlyCollection<string> values)
    {
        Number(name, values.Count);
        foreach (string value in values) Text(name, value);
        return this;
    }

    public KeyWriter Number(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public KeyWriter Flag(string name, bool value) => Text(name, value ? "true" : "false");

    public KeyWriter Content(string name, Hash256 content) => Text(name, content.ToString());

    /// <summary>The finished key.</summary>
    public Hash256 Finish()
    {
        Span<byte> bytes = stackalloc byte[32];
        _hash.GetHashAndReset(bytes);
        return new Hash256(bytes);
    }

    public void Dispose() => _hash.Dispose();

    private void Append(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}

/// <summary>One part of a key.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value, shortened.</param>
internal readonly record struct KeyPart(string Name, string Value);

using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>One extended attribute. Equal if name and bytes are.</summary>
/// <param name="Name">With its namespace, such as `security.capability`.</param>
/// <param name="Value">The bytes.</param>
public sealed record Xattr(string Name, ImmutableArray<byte> Value)
{
    /// <summary>Whether name and bytes are equal.</summary>
    public bool Equals(Xattr? other) => other is not null && Name == other.Name && Value.AsSpan().SequenceEqual(other.Value.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name);
        hash.AddBytes(Value.AsSpan());
        return hash.ToHashCode();
    }
}

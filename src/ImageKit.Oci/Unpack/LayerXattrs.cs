using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Which extended attributes on disk belong into a layer: what users set, access lists and capabilities; not labels and notes of the machine.</summary>
internal static class LayerXattrs
{
    private const string Capability = "security.capability";
    private const uint Revision2 = 0x02000000;
    private const uint Revision3 = 0x03000000;
    private const int BytesOfRevision2 = 20;

    public static ImmutableArray<Xattr> Kept(IReadOnlyList<(string Name, byte[] Value)> sorted)
    {
        if (sorted.Count == 0) return [];
        return [.. sorted.Where(xattr => IsKept(xattr.Name)).Select(xattr => new Xattr(xattr.Name, [.. Normal(xattr.Name, xattr.Value)]))];
    }

    public static ImmutableArray<Xattr> Kept(ImmutableArray<Xattr> sorted) =>
        sorted.All(xattr => IsKept(xattr.Name)) ? sorted : [.. sorted.Where(xattr => IsKept(xattr.Name))];

    private static bool IsKept(string name) => name is Capability or "system.posix_acl_access" or "system.posix_acl_default"
        || (name.StartsWith("user.", StringComparison.Ordinal) && !OverlayXattr.IsPrivate(name));

    /// <summary>
    /// Capabilities set in a user namespace name its root by the host's id (revision 3): without that they are what they mean inside.
    /// </summary>
    /// <seealso href="https://man7.org/linux/man-pages/man7/capabilities.7.html"/>
    private static byte[] Normal(string name, byte[] value)
    {
        if (name != Capability || value.Length <= BytesOfRevision2) return value;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(value);
        if ((magic & 0xFF000000) != Revision3) return value;
        byte[] normal = value[..BytesOfRevision2];
        BinaryPrimitives.WriteUInt32LittleEndian(normal, (magic & 0x00FFFFFF) | Revision2);
        return normal;
    }
}

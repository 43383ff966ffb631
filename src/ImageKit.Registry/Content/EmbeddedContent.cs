using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The `data` of a descriptor: the blob itself, so that nobody has to ask for it.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#embedded-content"/>
internal static class EmbeddedContent
{
    /// <summary>The blob, if the descriptor holds it and it is what the descriptor promises; else null: then it is asked for.</summary>
    public static Stream? Open(Descriptor blob)
    {
        if (blob.Data is not { } data || data.Length != blob.Size || ContentHash.Of(data, blob.Digest) != blob.Digest) return null;
        return new VerifyingStream(new MemoryStream([.. data], writable: false), blob);
    }
}

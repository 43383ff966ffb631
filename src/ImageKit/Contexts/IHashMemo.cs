using ImageKit.Oci;

namespace ImageKit.Contexts;

/// <summary>An origin whose files' hashes are found out on the way: a directory of the machine.</summary>
internal interface IHashMemo
{
    /// <summary>The hash of a file; `default` if it is not known yet.</summary>
    Hash256 Find(TocEntry entry);

    /// <summary>Takes note of a file's hash.</summary>
    void Learn(TocEntry entry, Hash256 hash);
}

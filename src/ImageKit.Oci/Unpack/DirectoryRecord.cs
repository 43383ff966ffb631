using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>How a directory is to look when all is unpacked: as an entry says, or, if it was there before, as it was.</summary>
/// <param name="Entry">What to make of it, or null to restore it.</param>
/// <param name="Before">How it was.</param>
internal readonly record struct DirectoryRecord(TocEntry? Entry, FileStatus Before);

using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>What can go wrong on the disk while a layer is unpacked.</summary>
internal static class UnpackErrors
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsLackOfRights(PosixException e) => e.Errno is Errno.EPERM or Errno.EACCES or Errno.EINVAL or Errno.EOPNOTSUPP; // EINVAL: an id that the user namespace does not map

    public static ContentException Of(IOException e, string path) => IsDiskFull(e) ? DiskFull(e, path) : new("IK1220", $"'{path}' cannot be unpacked.", e.Message,
        "See that the directory is writable and that its file system takes such names.", e);

    public static ContentException Refused(PosixException e, string path) => new("IK1222", $"'{path}' cannot be unpacked as the layer has it.", e.Message,
        "Unpack as root or in a user namespace, or accept the loss.", e);

    public static ContentException Loop(string path) => new("IK1212", $"The layer has an entry below '{path}', where symbolic links lead round in a circle.",
        mend: "Do not use the layer, or make it again without this entry.");

    public static ContentException NoFile(string path, string target) => new("IK1211", $"The hard link '{path}' names '{target}', which is no file of this layer or one below it.",
        mend: "Do not use the layer, or make it again with the file in it.");

    public static ContentException BadName(string path) => new("IK1220", $"'{path}' cannot be unpacked.", "This system takes no such name.",
        "Unpack the image on Linux, or leave it packed.");

    public static ContentException SameName(string path) => new("IK1220", $"'{path}' cannot be unpacked.",
        "The layer has another entry whose name differs in case alone, and this file system takes them for one.", "Unpack the image on a file system that heeds case.");

    private static ContentException DiskFull(IOException e, string path) => new("IK1221", $"The disk is full: '{path}' cannot be unpacked.", e.Message, "Free some space, or unpack elsewhere.", e);

    private static bool IsDiskFull(IOException e) => e is PosixException posix
        ? posix.Errno is Errno.ENOSPC or Errno.EDQUOT
        : e.HResult is Errno.ENOSPC or Errno.EDQUOT or WindowsDiskFull;
}

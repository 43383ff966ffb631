namespace ImageKit.Oci;

/// <summary>In what two files of one path differ.</summary>
[Flags]
public enum FileAspects
{
    /// <summary>In nothing.</summary>
    None = 0,

    /// <summary>One is, say, a directory and the other a link.</summary>
    Kind = 1,

    /// <summary>The bytes of a regular file.</summary>
    Content = 2,

    /// <summary>Permission, set-id and sticky bits.</summary>
    Mode = 4,

    /// <summary>User or group.</summary>
    Owner = 8,

    /// <summary>What a symbolic link points to, or a device's numbers.</summary>
    Target = 16,

    /// <summary>Extended attributes.</summary>
    Xattrs = 32,

    /// <summary>Time of the last change.</summary>
    Time = 64,
}

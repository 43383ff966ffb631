namespace ImageKit.Oci;

/// <summary>What unpacking makes of the whiteouts of a layer.</summary>
public enum WhiteoutStyle
{
    /// <summary>They are done: what they name is deleted from the directory, unless this very layer put it there.</summary>
    Apply,

    /// <summary>They become what overlayfs reads as root: devices 0:0 and `trusted.overlay.opaque`.</summary>
    Trusted,

    /// <summary>They become what overlayfs reads with `userxattr` in a user namespace (kernel 5.11): devices 0:0 and `user.overlay.opaque`.</summary>
    User,
}

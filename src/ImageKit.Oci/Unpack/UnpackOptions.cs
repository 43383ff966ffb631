namespace ImageKit.Oci;

/// <summary>How a layer is unpacked.</summary>
public sealed record UnpackOptions
{
    /// <summary>What becomes of whiteouts.</summary>
    public WhiteoutStyle Whiteouts { get; init; } = WhiteoutStyle.Apply;

    /// <summary>How much the layer may be; as much as it likes unless set.</summary>
    public UnpackLimits Limits { get; init; } = new();

    /// <summary>Leaves out owners, devices and attributes that this process may not make, and counts them, instead of failing with IK1222.</summary>
    public bool BestEffort { get; init; }

    /// <summary>
    /// The tree below the layer, if it is unpacked alone for overlayfs: directories that the layer needs but does not name look as they do
    /// there, and hard links to files there become copies of them.
    /// </summary>
    public Tree? Lower { get; init; }
}

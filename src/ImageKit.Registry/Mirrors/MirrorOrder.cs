namespace ImageKit.Registry;

/// <summary>In which order the mirrors of a rule are asked.</summary>
public enum MirrorOrder
{
    /// <summary>As they are listed.</summary>
    Listed,

    /// <summary>All are of equal rank: who was fastest lately comes first, who was not measured yet before all.</summary>
    Fastest,
}

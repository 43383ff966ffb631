namespace ImageKit.Registry;

/// <summary>Which references a mirror serves.</summary>
public enum MirrorScope
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those with a digest: a mirror cannot give anything else for them.</summary>
    DigestOnly,

    /// <summary>Those without a digest.</summary>
    TagOnly,
}

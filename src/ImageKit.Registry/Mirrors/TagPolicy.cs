namespace ImageKit.Registry;

/// <summary>Who says what a tag means where mirrors are used: mirrors may be hours behind.</summary>
public enum TagPolicy
{
    /// <summary>
    /// The registry itself, by a request that costs no quota, and the mirror is held against it; content comes from mirrors by digest.
    /// If the registry cannot be reached, the mirror is believed, with a notice.
    /// </summary>
    Verify,

    /// <summary>The first mirror that has it, as other tools do.</summary>
    Mirror,

    /// <summary>The registry itself alone: if it cannot be reached, the tag cannot be pulled.</summary>
    Upstream,
}

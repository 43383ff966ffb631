namespace ImageKit.Sandbox;

/// <summary>Who the keeper is, and so which user ids exist inside it.</summary>
public enum KeeperMode
{
    /// <summary>Root: every id is itself.</summary>
    Root,

    /// <summary>An ordinary user in a user namespace with the subordinate ids of `/etc/subuid`.</summary>
    SubordinateIds,

    /// <summary>An ordinary user in a user namespace with a single id: a command that changes owners fails.</summary>
    SingleId,
}

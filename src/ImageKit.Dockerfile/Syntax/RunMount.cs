namespace ImageKit.Dockerfile;

/// <summary>A mount of RUN, all variables expanded and all fields checked.</summary>
public sealed record RunMount
{
    /// <summary>What is mounted.</summary>
    public required MountType Type { get; init; }

    /// <summary>Where to, as written: a relative path is relative to WORKDIR. Null where it may be left out and was (secret, ssh).</summary>
    public string? Target { get; init; }

    /// <summary>Path inside <see cref="From"/>; null means its root.</summary>
    public string? Source { get; init; }

    /// <summary>Stage, stage number, named context or image; null means the build context (bind) or nothing (cache).</summary>
    public string? From { get; init; }

    /// <summary>Whether the command may not write to it. Bind mounts are read-only unless <c>rw</c> is given, all others writable unless <c>ro</c> is.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Name of a cache, secret or ssh agent; null where not given (see the reference for what it is then).</summary>
    public string? Id { get; init; }

    /// <summary>How a cache is used by commands that run at once.</summary>
    public CacheSharing Sharing { get; init; }

    /// <summary>Whether the build fails if the secret or agent is missing.</summary>
    public bool Required { get; init; }

    /// <summary>Greatest size of a tmpfs in bytes; null for no limit.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Permission bits of a cache's root, a secret or a socket; null for the type's own.</summary>
    public int? Mode { get; init; }

    /// <summary>Owner; null for 0.</summary>
    public uint? UserId { get; init; }

    /// <summary>Group; null for 0.</summary>
    public uint? GroupId { get; init; }

    /// <summary>Variable that holds a secret's value; null for none.</summary>
    public string? EnvironmentVariable { get; init; }
}

/// <summary>What a <see cref="RunMount"/> mounts.</summary>
public enum MountType
{
    /// <summary>A directory or file of the context, a stage or an image.</summary>
    Bind,

    /// <summary>A directory that outlives the build.</summary>
    Cache,

    /// <summary>An empty file system in memory.</summary>
    Tmpfs,

    /// <summary>A secret, as a file or a variable.</summary>
    Secret,

    /// <summary>A socket of an ssh agent.</summary>
    Ssh,
}

/// <summary>How commands that run at once use one cache.</summary>
public enum CacheSharing
{
    /// <summary>All use it at once.</summary>
    Shared,

    /// <summary>Each gets a cache of its own.</summary>
    Private,

    /// <summary>One waits for the other.</summary>
    Locked,
}

namespace ImageKit.Operations;

/// <summary>A mount of RUN. Closed: bind, cache, tmpfs or secret.</summary>
/// <param name="Target">Where: an absolute path.</param>
internal abstract record RunMountSpec(string Target)
{
    /// <summary>Writes what of it the result depends on.</summary>
    public abstract void WriteKey(KeyWriter key);
}

/// <summary>Files of another operation's result.</summary>
/// <param name="Target">Where.</param>
/// <param name="From">Whose files.</param>
/// <param name="Source">The absolute path in them.</param>
/// <param name="ReadOnly">Whether writing is refused; what is written otherwise is thrown away.</param>
internal sealed record BindMountSpec(string Target, Operation From, string Source, bool ReadOnly) : RunMountSpec(Target)
{
    // The files' own key is written by the operation, which has them.
    public override void WriteKey(KeyWriter key) => key.Text("bind", Target).Text("source", Source).Flag("readonly", ReadOnly);
}

/// <summary>A directory that outlives the build. What is in it is no part of the result and of no key.</summary>
/// <param name="Target">Where.</param>
/// <param name="Id">Its name.</param>
/// <param name="Exclusive">Whether commands wait for each other (`sharing=locked`).</param>
/// <param name="ReadOnly">Whether writing is refused.</param>
internal sealed record CacheMountSpec(string Target, string Id, bool Exclusive, bool ReadOnly) : RunMountSpec(Target)
{
    public override void WriteKey(KeyWriter key) => key.Text("cache", Target);
}

/// <summary>An empty file system in memory.</summary>
/// <param name="Target">Where.</param>
/// <param name="Bytes">The most it may hold; 0 for the kernel's own limit.</param>
internal sealed record TmpfsMountSpec(string Target, long Bytes) : RunMountSpec(Target)
{
    public override void WriteKey(KeyWriter key) => key.Text("tmpfs", Target).Number("size", Bytes);
}

/// <summary>A secret as a file. Its value is in no key.</summary>
/// <param name="Target">Where.</param>
/// <param name="Id">Its name.</param>
/// <param name="Path">The machine's file that holds it.</param>
internal sealed record SecretMountSpec(string Target, string Id, string Path) : RunMountSpec(Target)
{
    public override void WriteKey(KeyWriter key) => key.Text("secret", Target).Text("id", Id);
}

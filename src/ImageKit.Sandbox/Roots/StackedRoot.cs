namespace ImageKit.Sandbox;

/// <summary>A root filesystem made ready for one run; disposing of it takes it away.</summary>
internal abstract class StackedRoot : IAsyncDisposable
{
    /// <summary>Its absolute path.</summary>
    public abstract string Path { get; }

    /// <summary>Unmounts and deletes.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A root filesystem that is the caller's own directory and stays.</summary>
internal sealed class GivenRoot(string path) : StackedRoot
{
    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

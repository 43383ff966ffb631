namespace ImageKit.Sandbox;

/// <summary>A root filesystem made ready for one run; disposing of it takes it away.</summary>
internal abstract class StackedRoot : IAsyncDisposable
{
    /// <summary>Its absolute path.</summary>
    public abstract string Path { get; }

    /// <summary>Unmounts and deletes.</summary>
    public abstract ValueTask DisposeAsync();
}

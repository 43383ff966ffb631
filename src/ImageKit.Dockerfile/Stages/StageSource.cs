namespace ImageKit.Dockerfile;

/// <summary>Where a stage or a copied file comes from. Closed: <see cref="StageOutput"/>, <see cref="ScratchSource"/> or <see cref="ExternalSource"/>.</summary>
public abstract record StageSource
{
    private protected StageSource()
    {
    }
}

/// <summary>The result of another stage.</summary>
/// <param name="Index">The <see cref="Stage.Index"/> of that stage.</param>
public sealed record StageOutput(int Index) : StageSource;

/// <summary>The empty image, <c>scratch</c>.</summary>
public sealed record ScratchSource : StageSource;

/// <summary>A named context or, if there is none of that name, an image.</summary>
/// <param name="Name">The name, all variables expanded.</param>
public sealed record ExternalSource(string Name) : StageSource;

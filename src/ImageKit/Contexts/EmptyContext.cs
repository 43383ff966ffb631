using ImageKit.Oci;

namespace ImageKit.Contexts;

/// <summary>The context of a Dockerfile that came alone.</summary>
internal sealed class EmptyContext : BuildContext
{
    public override string Description => "the empty context of a Dockerfile from standard input";

    public override ValueTask<Tree> GetTreeAsync(CancellationToken cancel) => ValueTask.FromResult(Tree.Empty);
}

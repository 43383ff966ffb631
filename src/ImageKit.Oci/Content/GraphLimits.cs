namespace ImageKit.Oci;

/// <summary>How large the graph of an image may be: what goes beyond was made to keep readers busy.</summary>
internal static class GraphLimits
{
    /// <summary>How deep indexes may lie in each other.</summary>
    public const int Depth = 8;

    /// <summary>How many documents and blobs there may be.</summary>
    public const int Nodes = 10_000;
}

namespace ImageKit.Oci;

/// <summary>The words of the layer store's errors.</summary>
internal static class LayerFaults
{
    public static ContentException Missing(Digest diffId) => new("IK1207", $"The layer {diffId} is not here.", "None of its forms is left in the store.",
        "Pull or build the image again.");

    public static ContentException WrongContent(Digest diffId, Digest actual) => new("IK1106", $"A layer's content is not the {diffId} that was promised.",
        $"Decompressed, it is {actual}.", "Build or push the image again; do not use it if you do not know where it comes from.");
}

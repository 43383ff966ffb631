namespace ImageKit.Oci;

/// <summary>The words of the errors of edits.</summary>
internal static class EditFaults
{
    public static ContentException NoSuchLayer(int index, int count) => new("IK1011", $"The image has no layer {index}.", $"It has {count}, counted from 0, the lowest.",
        "'imagekit history IMAGE' shows them.");

    public static ContentException NoImage(Descriptor manifest, string why) => new("IK1012", $"The manifest {manifest.Digest} is no image that can be edited.", why,
        "Name an image; artifacts are made and changed by whoever defines their kind.");

    public static ContentException NotHeld(Descriptor layer) => new("IK1013", $"The layer {layer.Digest} has to be read, and registries do not hold it.",
        $"It is of the type {layer.MediaType}, whose bytes its maker hands out elsewhere.", "Leave layers like this alone: edits of the configuration, and append, work without reading them.");

    /// <summary>The layer, if its bytes can be had.</summary>
    public static Descriptor Held(Descriptor layer) => MediaTypes.IsForeignLayer(layer.MediaType) ? throw NotHeld(layer) : layer;

    public static ContentException NotBuiltOn(int same, int below, int mine) => new("IK1014", "The image is not built on the old base.",
        $"Of the old base's {below} layers the lowest {same} are the lowest of the image's {mine}; all would have to be.",
        "Name the base that it was built on, best by its digest: the name may point to a newer one by now. 'imagekit history' of both shows where they part.");

    public static ContentException OtherPlatform(Platform image, Platform newBase) => new("IK1015", $"The image is for {image}, the new base for {newBase}.",
        mend: "Name a base for the image's platform.");

    public static ContentException NoIndex(string level) => new("IK1016", $"There is no index that could have the annotation '{level}:'.",
        "The name points to a single image.", "Leave the level out to annotate the manifest, or make an index with 'imagekit index create'.");

    public static ContentException NothingMatches(string asked, string offered) => new("IK1017", $"The index has nothing for {asked}.",
        $"It has: {(offered.Length > 0 ? offered : "nothing")}.", "Name one of these.");

    public static ContentException Twice(Platform platform) => new("IK1018", $"Two images are for {platform}.", "Whoever asks an index for a platform gets one image.",
        "Leave one of them out, or replace it with 'imagekit index add'.");
}

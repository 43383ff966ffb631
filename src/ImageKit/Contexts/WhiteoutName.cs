namespace ImageKit.Contexts;

/// <summary>Names that cannot stand in a layer, as there they mean that something is deleted.</summary>
internal static class WhiteoutName
{
    /// <summary>Whether the last name of a path is one. Taken for a deletion, the file would be missing and nobody would notice.</summary>
    public static bool Is(string path) => path.AsSpan(path.LastIndexOf('/') + 1).StartsWith(".wh.", StringComparison.Ordinal);

    /// <summary>Says that such a path was given (IK4016).</summary>
    public static BuildException Refusal(string path) => new("IK4016", $"/{path} cannot stand in a layer.",
        "Names that begin with '.wh.' mark deletions in layers.", "Rename it, or exclude it in the .dockerignore.");
}

namespace ImageKit.Dockerfile;

/// <summary>Checks of the images and stages that a file names.</summary>
internal static class BaseChecks
{
    public static IEnumerable<Violation> Platform(CheckedFile file) =>
        from stage in file.Graph.Stages
        where stage.Base is ExternalSource
        let found = file.Options.FindBase(stage)
        where found is not null && found.Platform != found.Expected
        select new Violation(
            stage.From.Image.Span,
            $"Base image {found.Image} was pulled with platform {GoQuote.Quote(found.Platform)}, expected {GoQuote.Quote(found.Expected)} for current build",
            "Choose an image that is made for the platform, or build with --platform.");

    public static IEnumerable<Violation> StageNameCase(CheckedFile file) =>
        from stage in file.Graph.Stages
        where stage.Base is StageOutput && !stage.From.Image.Text.Contains('$')
        let text = stage.From.Image.Text.Trim('"', '\'')
        where text != text.ToLowerInvariant()
        select new Violation(
            stage.From.Image.Span,
            $"FROM {text} means the stage '{text.ToLowerInvariant()}' here, and an image with BuildKit",
            $"Write '{text.ToLowerInvariant()}'.");

    public static IEnumerable<Violation> MisspelledStage(CheckedFile file) =>
        from use in file.StageUses
        where use.Source is ExternalSource
        let near = MeantStage(file, use.Name)
        where near is not null
        select new Violation(use.Span, $"There is no stage '{use.Name}', so an image of that name is wanted (did you mean {near}?)", $"Write '{near}', or the image with its tag.");

    /// <summary>Names that no variable can change and that are none of images. Defaults that make none are for <see cref="VariableChecks.InvalidDefault"/>.</summary>
    public static IEnumerable<Violation> InvalidName(CheckedFile file)
    {
        IEnumerable<(string Name, SourceSpan Span)> bases = from stage in file.Graph.Stages
                                                            where stage.Base is ExternalSource && !stage.From.Image.AsSpan().Contains('$')
                                                            select (((ExternalSource)stage.Base).Name, stage.From.Image.Span);
        IEnumerable<(string Name, SourceSpan Span)> used = from use in file.StageUses
                                                           where use.Source is ExternalSource && !StageNames.TryNumber(use.Name, out _)
                                                           select (use.Name, use.Span);
        return from image in bases.Concat(used)
               where image.Name.Length > 0 && !IsContext(file, image.Name) && !ImageNameShape.IsValid(image.Name)
               let lower = ImageNameShape.Lower(image.Name)
               let why = lower is null ? "invalid reference format" : "invalid reference format: repository name must be lowercase"
               select new Violation(image.Span, $"failed to parse image name {GoQuote.Quote(image.Name)}: {why}", lower is null ? "Write host/name:tag." : $"Write '{lower}'.");
    }

    public static IEnumerable<Violation> Unpinned(CheckedFile file) =>
        from image in Images(file)
        let tag = TagOf(image.Name)
        where tag is "" or "latest"
        select new Violation(
            image.Span,
            tag.Length == 0 ? $"Image {image.Name} has no tag: what is built changes with every release of it" : $"The tag of image {image.Name} moves with every release of it",
            "Name a version.");

    public static IEnumerable<Violation> WithoutDigest(CheckedFile file) =>
        from image in Images(file)
        where !image.Name.Contains('@')
        select new Violation(image.Span, $"Image {image.Name} has no digest: its tag may be moved", "Add @sha256:….");

    public static IEnumerable<Violation> NumericReference(CheckedFile file) =>
        from use in file.StageUses
        where use.Source is StageOutput && StageNames.TryNumber(use.Name, out _)
        select new Violation(use.Span, $"Stage {use.Name} is another one as soon as a stage is added before it", "Give the stage a name.");

    private static IEnumerable<(string Name, SourceSpan Span)> Images(CheckedFile file)
    {
        IEnumerable<(string Name, SourceSpan Span)> bases = from stage in file.Graph.Stages
                                                            where stage.Base is ExternalSource && IsConstant(file, stage.From.Image)
                                                            select (((ExternalSource)stage.Base).Name, stage.From.Image.Span);
        IEnumerable<(string Name, SourceSpan Span)> copied = from use in file.StageUses
                                                             where use.Source is ExternalSource && !StageNames.TryNumber(use.Name, out _) && MeantStage(file, use.Name) is null
                                                             select (use.Name, use.Span);
        return bases.Concat(copied).Where(image => image.Name.Length > 0 && !IsContext(file, image.Name) && ImageNameShape.IsValid(image.Name));
    }

    private static string? MeantStage(CheckedFile file, string name)
    {
        if (name.Length < 4 || name.AsSpan().IndexOfAny("/:@.") >= 0 || IsContext(file, name) || file.Graph.NearestStage(name) is not { } near) return null;
        // `golang1` beside `golang` is no slip of the pen.
        return near.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(near, StringComparison.OrdinalIgnoreCase) ? null : near;
    }

    // Whether no build argument and no platform decides over the name.
    private static bool IsConstant(CheckedFile file, Word image) =>
        !image.Text.Contains('$') || (Expansion.Expand(image.Text, file.Graph.GlobalOrEmpty, file.Syntax.Escape) is { Error: null, Undefined.IsEmpty: true } result
            && !result.Used.Any(name => PredefinedArguments.IsPlatform(name) || string.IsNullOrEmpty(file.Graph.GlobalValue(name))));

    private static bool IsContext(CheckedFile file, string name) => file.Options.NamedContexts.Any(context => context.Equals(name, StringComparison.OrdinalIgnoreCase));

    // The tag; empty without one, and not "latest" where a digest decides.
    private static string TagOf(string image)
    {
        if (image.Contains('@')) return "@";
        int colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[(colon + 1)..] : "";
    }
}

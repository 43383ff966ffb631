namespace ImageKit.Dockerfile;

/// <summary>Checks of FROM lines.</summary>
internal static class StageChecks
{
    public static IEnumerable<Violation> NameCasing(CheckedFile file) =>
        from name in file.StageNames
        where name.Text.Any(char.IsUpper)
        select new Violation(name.Span, $"Stage name '{name.Text}' should be lowercase", $"Write '{name.Text.ToLowerInvariant()}'.");

    public static IEnumerable<Violation> AsCasing(CheckedFile file) =>
        from instruction in file.Froms
        where instruction.AsKeyword is not null
        let keyword = instruction.Keyword.Text
        let written = instruction.AsKeyword!.Value
        let expected = keyword == keyword.ToLowerInvariant() ? "as" : keyword == keyword.ToUpperInvariant() ? "AS" : null
        where expected is not null && written.Text != expected
        select new Violation(written.Span, $"'{written.Text}' and '{keyword}' keywords' casing do not match", $"Write '{expected}'.");

    public static IEnumerable<Violation> DuplicateName(CheckedFile file)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        return [.. from name in file.StageNames
                   where !seen.Add(name.Text)
                   select new Violation(name.Span, $"Duplicate stage name {GoQuote.Quote(name.Text.ToLowerInvariant())}, stage names should be unique", "Rename one of the stages.")];
    }

    public static IEnumerable<Violation> ReservedName(CheckedFile file) =>
        from name in file.StageNames
        let reserved = name.Text.ToLowerInvariant()
        where reserved is "scratch" or "context"
        select new Violation(name.Span, $"Stage name should not use the same name as reserved stage {GoQuote.Quote(reserved)}", "Rename the stage.");

    public static IEnumerable<Violation> RedundantPlatform(CheckedFile file) =>
        from instruction in file.Froms
        where instruction.Platform is { Text: "$TARGETPLATFORM" or "${TARGETPLATFORM}" }
        let platform = instruction.Platform!.Value
        select new Violation(
            platform.Span, $"Setting platform to predefined {platform.Text} in FROM is redundant as this is the default behavior", "Remove --platform.");

    public static IEnumerable<Violation> ConstantPlatform(CheckedFile file) =>
        from instruction in file.Froms
        where instruction.Platform is not null
        let platform = instruction.Platform!.Value
        where platform.Text.Length > 0 && !platform.Text.Contains('$') && !NamesPlatform(instruction.StageName?.Text, platform.Text)
        select new Violation(
            platform.Span, $"FROM --platform flag should not use constant value {GoQuote.Quote(platform.Text)}", "Remove the flag and build with --platform, or use $BUILDPLATFORM.");

    // A stage that is called after its platform (build-amd64) is meant to have it.
    private static bool NamesPlatform(string? stage, string platform) =>
        stage is not null && platform.Split('/').Take(2).Any(part => part.Length > 0 && stage.Contains(part, StringComparison.OrdinalIgnoreCase));
}

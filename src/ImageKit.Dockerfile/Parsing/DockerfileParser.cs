namespace ImageKit.Dockerfile;

/// <summary>Reads Dockerfiles.</summary>
public static class DockerfileParser
{
    // Millions of objects cost more than reading twice; so the instructions of larger files are made when they are asked for. UTF-16 code units.
    private const int MaxKeptLength = 1 << 20;

    /// <summary>Reads a Dockerfile. Never throws for what stands in the text; takes time linear in its length.</summary>
    /// <param name="text">The file, with or without a byte order mark, lines ended by LF or CRLF.</param>
    public static DockerfileSyntax Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        DockerfileReader reader = new(text, text.Length <= MaxKeptLength ? ReadParts.Instructions : ReadParts.Faults);
        reader.ReadAll();
        reader.Diagnostics.AddRange(FrontendDirective.Check(reader.Source));
        reader.Diagnostics.AddRange(reader.Rules.Check(reader.Source));
        return Finish(reader);
    }

    /// <summary>Reads one ONBUILD trigger as an image's config stores it, heredoc bodies included.</summary>
    /// <param name="text">The trigger.</param>
    /// <returns>A file of one instruction; its diagnostics tell if it is not a legal trigger.</returns>
    public static DockerfileSyntax ParseTrigger(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        DockerfileReader reader = new(text, ReadParts.Instructions, isTrigger: true);
        reader.ReadAll();
        reader.Diagnostics.AddRange(FileRules.CheckTrigger(reader));
        return Finish(reader, isTrigger: true);
    }

    private static DockerfileSyntax Finish(DockerfileReader reader, bool isTrigger = false) => new()
    {
        Text = reader.Source.Text,
        IsTrigger = isTrigger,
        Directives = [.. reader.Directives],
        Kept = reader.Instructions is { } kept ? [.. kept] : default,
        Diagnostics = [.. reader.Diagnostics.OrderBy(diagnostic => diagnostic.Span.Start)],
        Escape = reader.Escape,
    };
}

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
        Word? frontend = FrontendDirective.Read(reader.Source, reader.Diagnostics);
        reader.Rules.Check(reader.Source, reader.Diagnostics);
        return Finish(reader) with { Frontend = frontend };
    }

    /// <summary>Reads one ONBUILD trigger as an image's config stores it, heredoc bodies included.</summary>
    /// <param name="text">The trigger.</param>
    /// <returns>A file of one instruction; its diagnostics tell if it is not a legal trigger.</returns>
    public static DockerfileSyntax ParseTrigger(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        DockerfileReader reader = new(text, ReadParts.Instructions, isTrigger: true);
        reader.ReadAll();
        reader.Diagnostics.Add(FileRules.CheckTrigger(reader));
        return Finish(reader, isTrigger: true);
    }

    private static DockerfileSyntax Finish(DockerfileReader reader, bool isTrigger = false) => new()
    {
        Text = reader.Source.Text,
        IsTrigger = isTrigger,
        Directives = [.. reader.Directives],
        Kept = reader.Instructions is { } kept ? [.. kept] : default,
        Diagnostics = reader.Diagnostics.ToSorted(),
        Escape = reader.Escape,
    };
}

namespace ImageKit.Dockerfile;

/// <summary>
/// Writes Dockerfiles evenly: instructions in one case, continued lines indented (relative to each other as they were), no blanks at ends of lines, no
/// empty lines in continuations. Comments, heredocs, strings and all other text stay. Formatting twice gives what formatting once gives.
/// </summary>
/// <remarks>
/// Nothing is given out whose meaning is not equal to the original's by <see cref="DockerfileMeaning"/>. Blanks between the words of a shell command do change,
/// and they stand in the image's history: the next build runs such a RUN anew.
/// </remarks>
public static class DockerfileFormat
{
    /// <summary>Formats a file. A file with errors is left alone.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">How to write it; null for the standard way.</param>
    public static FormatResult Format(DockerfileSyntax file, FormatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new();
        string before = file.ToString();
        if (file.HasErrors) return new(before, false, [.. file.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error)]);
        string after = new FormatWriter(file, options).Write();
        DockerfileSyntax written = DockerfileParser.Parse(after);
        if (DockerfileMeaning.FirstDifference(file, written, options.SortLists) is not { } difference) return new(after, after != before, []);
        return new(before, false, [new("IK3091", Severity.Error, difference, "formatting would change what this instruction means, so the file was left as it is", "Format it by hand.")]);
    }
}

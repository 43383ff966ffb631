using System.Text.RegularExpressions;

namespace ImageKit.Architecture.Tests;

/// <summary>One file of source text.</summary>
/// <param name="Path">Relative to the root of the repository, with forward slashes.</param>
/// <param name="Text">The whole text.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>The text without line comments, so that prose about a name is no use of it.</summary>
    public string Code { get; } = Comment().Replace(Text, "");

    /// <summary>The name of the project: the folder below <c>src/</c>.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>The folder inside the project, or nothing for its root.</summary>
    public string Folder => Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

    [GeneratedRegex(@"(?<=^|\s)//[^\n]*")]
    private static partial Regex Comment();
}

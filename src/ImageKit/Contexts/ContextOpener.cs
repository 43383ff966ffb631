using System.Security.Cryptography;
using System.Text;
using ImageKit.Dockerfile;

namespace ImageKit.Contexts;

/// <summary>Opens directories as contexts.</summary>
/// <param name="Memos">The folder of what is remembered of their files.</param>
/// <param name="Time">The clock.</param>
internal sealed record ContextOpener(string Memos, TimeProvider Time)
{
    /// <summary>A directory with an ignore file's patterns.</summary>
    public DirectoryContext Open(string directory, IgnorePatterns ignore) =>
        new(directory, ignore, Path.Combine(Memos, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))), Time);

    /// <summary>A named context: its own `.dockerignore` counts.</summary>
    public DirectoryContext Named(string directory) => Open(directory, IgnoreFile.Read(Path.Combine(directory, ".dockerignore")));
}

/// <summary>Reads ignore files.</summary>
internal static class IgnoreFile
{
    /// <summary>The patterns of a file; none if there is no such file.</summary>
    /// <exception cref="BuildException">A pattern is malformed (IK4008).</exception>
    public static IgnorePatterns Read(string path) => File.Exists(path) ? Parse(File.ReadAllText(path), path) : IgnorePatterns.None;

    /// <summary>The patterns of a text.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static IgnorePatterns Parse(string text, string name)
    {
        IgnorePatterns patterns = IgnorePatterns.Parse(text);
        if (patterns.Diagnostics.IsEmpty) return patterns;
        Diagnostic fault = patterns.Diagnostics[0];
        throw new BuildException("IK4008", fault.Message, "", fault.Mend ?? "") { File = name, Span = fault.Span };
    }
}

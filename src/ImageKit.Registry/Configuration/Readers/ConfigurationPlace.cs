namespace ImageKit.Registry;

/// <summary>A place in a configuration file: where a rule was written. `default` is no file.</summary>
/// <param name="File">The file's path, or the name that the caller gave the text.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">The column, from 1; 0 if not known.</param>
public readonly record struct ConfigurationPlace(string File, int Line, int Column = 0)
{
    /// <summary>The file and the line.</summary>
    public override string ToString() => File is null ? "" : Line == 0 ? File : $"{File}:{Line}";
}

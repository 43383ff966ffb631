namespace ImageKit.Dockerfile;

/// <summary>How much a <see cref="Diagnostic"/> weighs.</summary>
public enum Severity
{
    /// <summary>The file can be built, but probably does not do what was meant.</summary>
    Warning,

    /// <summary>The file cannot be built.</summary>
    Error,
}

namespace ImageKit.Registry;

/// <summary>What is wrong with a configuration file, or is in it without having an effect.</summary>
/// <param name="IsError">Whether the file cannot be used as it is; else it is a warning.</param>
/// <param name="Place">Where.</param>
/// <param name="Message">What, a whole sentence.</param>
/// <param name="Mend">What to do about it; may be empty.</param>
public sealed record ConfigurationDiagnostic(bool IsError, ConfigurationPlace Place, string Message, string Mend = "")
{
    /// <summary>The place and the message.</summary>
    public override string ToString() => $"{Place}: {(IsError ? "error" : "warning")}: {Message}";
}

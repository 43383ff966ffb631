namespace ImageKit.Registry;

/// <summary>A header that is sent to one endpoint along with every request. Its text form never holds the value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value, perhaps a secret.</param>
public sealed record HeaderField(string Name, string Value)
{
    /// <summary>The name alone.</summary>
    public override string ToString() => Name;
}
